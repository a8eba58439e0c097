"""Make a pipe's buffer larger.

ends: not allowed here
"""

import fcntl
import os
def f(world):
    fcntl.fcntl(3, 1031, 1 << 20)
    return True
