"""Return a million small values.

ends: opaque
"""

def f(world):
    return [0] * 1_000_000
