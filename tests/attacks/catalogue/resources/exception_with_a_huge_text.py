"""Raise an exception with a huge text.

ends: raises ValueError
"""

def f(world):
    raise ValueError("x" * (50 << 20))
