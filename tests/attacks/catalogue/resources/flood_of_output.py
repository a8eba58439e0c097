"""Print without end.

ends: output
"""

def f(world):
    while True:
        print("x" * 100_000)
