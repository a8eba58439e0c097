"""Read the kernel's log.

ends: not allowed here
"""

import ctypes
from raw import call
def f(world):
    return call("syslog", 3, ctypes.create_string_buffer(100), 100) >= 0
