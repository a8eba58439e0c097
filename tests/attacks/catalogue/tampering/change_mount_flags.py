"""Make a mount writable.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("mount_setattr", -100, b"/", 0, 0, 0) >= 0
