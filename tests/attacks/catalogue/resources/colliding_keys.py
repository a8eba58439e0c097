"""Return a dictionary whose keys all have one hash: building it takes the square of its size.

ends: opaque
"""

def f(world):
    return {i * (2**61 - 1): 0 for i in range(1500)}
