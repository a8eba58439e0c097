"""Make a device that leads to the disk.

ends: not allowed here
"""

import os
def f(world):
    os.mknod(world["folder"] + "/" + world["token"], 0o60666, os.makedev(8, 0))
    return True
