"""Read what the kernel tells in /sys and /proc/sys.

ends: nothing
"""

import os
def f(world):
    return os.listdir("/sys") or open("/proc/sys/kernel/hostname").read()
