"""Ask for the handle of a file.

ends: not allowed here
"""

import ctypes
from raw import call
def f(world):
    handle, mount = (ctypes.c_uint32 * 40)(128), ctypes.c_int()
    return call("name_to_handle_at", -100, b"/", ctypes.byref(handle), ctypes.byref(mount), 0) == 0
