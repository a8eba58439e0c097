"""Run without end.

ends: timeout
"""

def f(world):
    while True:
        pass
