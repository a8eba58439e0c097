"""Take a mount away.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("umount2", b"/", 2) >= 0
