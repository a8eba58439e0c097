"""Read a file of the grader's user, by its path.

ends: nothing
"""

def f(world):
    return open(world["secret"]).read()
