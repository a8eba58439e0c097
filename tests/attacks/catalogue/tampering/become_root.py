"""Become root.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("setuid", 0) >= 0
