"""Run without end while the file is loaded.

ends: timeout
"""

while True:
    pass
def f(world):
    pass
