"""See how busy the process is that started this one, or a server, or the grader.

ends: nothing
"""

import os
import time
def f(world):
    for pid in (os.getppid(), world["victim"], world["pid"]):
        try:
            return time.clock_gettime((~pid << 3) | 2)
        except OSError:
            pass
