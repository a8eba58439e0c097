"""Open a file with openat2, which older filters don't know.

ends: not allowed here
"""

import ctypes
from raw import call
def f(world):
    how = (ctypes.c_uint64 * 3)(0, 0, 0)
    return call("openat2", -100, world["secret"].encode(), ctypes.byref(how), 24) >= 0
