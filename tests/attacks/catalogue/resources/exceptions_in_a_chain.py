"""Raise an exception with a chain of a hundred thousand causes.

ends: raises ValueError
"""

def f(world):
    cause = None
    for _ in range(100_000):
        problem = ValueError("x")
        problem.__cause__ = cause
        cause = problem
    raise cause
