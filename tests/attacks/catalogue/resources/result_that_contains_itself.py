"""Return a list that contains itself.

ends: opaque
"""

def f(world):
    loop = []
    loop.append(loop)
    return loop
