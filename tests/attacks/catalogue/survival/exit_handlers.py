"""Register work for the end of the process, which runs on after the grader has gone.

ends: nothing
"""

import atexit
import time
def f(world):
    atexit.register(time.sleep, 3600)
