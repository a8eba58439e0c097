"""Move to another processor than the grader has given.

ends: not allowed here
"""

import os
def f(world):
    os.sched_setaffinity(0, {0})
    return True
