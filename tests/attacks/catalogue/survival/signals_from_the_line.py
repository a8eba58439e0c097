"""Have the kernel send signals to the grader when the line has data.

ends: not allowed here
"""

import fcntl
import os
def f(world):
    fcntl.fcntl(3, fcntl.F_SETOWN, world["pid"])
    return True
