"""Read the rubric: hidden checks, tolerances, hints.

ends: nothing
"""

def f(world):
    return open(world["rubric"]).read()
