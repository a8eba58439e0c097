"""Make timers that send signals.

ends: not allowed here
"""

import ctypes
from raw import call
def f(world):
    return call("timer_create", 0, 0, ctypes.byref(ctypes.c_int())) >= 0
