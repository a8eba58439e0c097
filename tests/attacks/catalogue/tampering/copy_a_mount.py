"""Copy a mount.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("open_tree", -100, b"/", 1) >= 0
