"""Choose which signal the line sends.

ends: not allowed here
"""

import fcntl
import os
def f(world):
    fcntl.fcntl(3, fcntl.F_SETSIG, 9)
    return True
