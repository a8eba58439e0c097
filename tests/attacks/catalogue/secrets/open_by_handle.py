"""Open a file by its handle, past all paths.

ends: not allowed here
"""

import ctypes
from raw import call
def f(world):
    handle = (ctypes.c_uint32 * 4)(8, 1, 2, 0)
    return call("open_by_handle_at", -100, ctypes.byref(handle), 0)
