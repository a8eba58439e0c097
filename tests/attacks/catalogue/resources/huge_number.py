"""Return a number of a million digits.

ends: opaque
"""

def f(world):
    return 1 << 4_000_000
