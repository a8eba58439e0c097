"""Become a process of real time.

ends: not allowed here
"""

import os
def f(world):
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    return True
