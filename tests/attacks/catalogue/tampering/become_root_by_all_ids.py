"""Become root, in all ids.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("setresuid", 0, 0, 0) >= 0
