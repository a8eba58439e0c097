"""Compute a number that is too large, in one operation that lets no signal in.

ends: timeout
"""

def f(world):
    return 9**9**9
