"""Change numpy for all who come later.

ends: nothing
"""

def f(world):
    import numpy
    return open(numpy.__file__, "a").name
