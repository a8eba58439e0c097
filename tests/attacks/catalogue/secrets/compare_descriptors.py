"""Learn what the grader has open by comparing descriptors with it.

ends: not allowed here
"""

import os
from raw import call
def f(world):
    return call("kcmp", os.getpid(), world["pid"], 0, 0, 0) >= 0
