"""Look for tokens in the environment that C sees, past Python's copy of it.

ends: nothing
"""

import ctypes
def f(world):
    environ = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
    found = []
    while environ and environ[len(found)]:
        found.append(environ[len(found)])
    return [line for line in found if b"_NUM_THREADS=" not in line]
