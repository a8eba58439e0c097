"""Take a lease, which sends signals.

ends: not allowed here
"""

import fcntl
import os
def f(world):
    fcntl.fcntl(0, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    return True
