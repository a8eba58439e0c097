"""Change the root of the process.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("chroot", b"/") >= 0
