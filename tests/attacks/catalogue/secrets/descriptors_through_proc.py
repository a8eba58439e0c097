"""List and reopen descriptors through /proc/self/fd.

ends: nothing
"""

import os
def f(world):
    return [os.open(f"/proc/self/fd/{number}", os.O_RDWR) for number in os.listdir("/proc/self/fd")]
