"""Reserve space on the disk.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("fallocate", 1, 0, 0, 1 << 30) >= 0
