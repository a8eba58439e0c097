"""Learn by a clock's precision whether a process is there.

ends: nothing
"""

import os
import time
def f(world):
    for pid in (os.getppid(), world["victim"], world["pid"]):
        try:
            return time.clock_getres((~pid << 3) | 2)
        except OSError:
            pass
