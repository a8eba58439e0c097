"""Read where there is nothing.

ends: died
"""

import ctypes
def f(world):
    return ctypes.string_at(16)
