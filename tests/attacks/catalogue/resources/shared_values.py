"""Return a small object that is large when it is written out: a list of lists that are all the same.

ends: opaque
"""

def f(world):
    value = [0]
    for _ in range(14):
        value = [value] * 10
    return value
