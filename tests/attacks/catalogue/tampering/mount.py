"""Mount a file system.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("mount", b"none", b"/", b"tmpfs", 0, 0) >= 0
