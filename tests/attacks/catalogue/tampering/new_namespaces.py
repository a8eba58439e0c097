"""Become root in a user namespace.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("unshare", 0x10000000) >= 0
