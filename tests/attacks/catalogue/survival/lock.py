"""Lock what others want to open.

ends: not allowed here
"""

import fcntl
import os
def f(world):
    fcntl.lockf(1, fcntl.LOCK_EX)
    return True
