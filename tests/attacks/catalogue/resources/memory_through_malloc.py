"""Take memory through C's malloc.

ends: nothing
"""

import ctypes
def f(world):
    malloc = ctypes.CDLL(None).malloc
    malloc.restype, malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
    return malloc(400 << 20)
