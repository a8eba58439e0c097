"""Return lists in lists in lists.

ends: opaque
"""

def f(world):
    nested = []
    for _ in range(100_000):
        nested = [nested]
    return nested
