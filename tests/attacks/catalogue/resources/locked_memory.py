"""Keep memory from being swapped out.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("mlockall", 1) >= 0
