"""Shut one direction of the line down.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("shutdown", 3, 0) >= 0
