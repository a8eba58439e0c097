"""Send a descriptor over the line to the grader.

ends: not allowed here
"""

import ctypes
from raw import call
def f(world):
    return call("sendmsg", 3, bytes(56), 0) >= 0
