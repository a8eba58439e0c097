"""Return a text that is larger than is allowed.

ends: opaque
"""

def f(world):
    return "x" * (50 << 20)
