"""Make the line send signals.

ends: not allowed here
"""

import fcntl
import os
def f(world):
    fcntl.fcntl(3, fcntl.F_SETFL, os.O_ASYNC)
    return True
