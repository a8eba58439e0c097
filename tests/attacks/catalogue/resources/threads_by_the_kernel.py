"""Start a thread with the kernel's own call.

ends: nothing
"""

import ctypes
from raw import call
def f(world):
    try:
        return call("clone3", bytes(88), 88)
    except OSError:
        return call("clone", 0x00010F00, 0, 0, 0, 0)
