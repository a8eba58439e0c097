"""Take all of the disk.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("ioprio_set", 1, 0, 1 << 13) >= 0
