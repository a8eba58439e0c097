"""Raise a group of a hundred thousand exceptions.

ends: raises ExceptionGroup
"""

def f(world):
    raise ExceptionGroup("many", [ValueError(i) for i in range(100_000)])
