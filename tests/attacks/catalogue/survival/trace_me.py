"""Have the parent debug this process, so that it stops at every signal.

ends: not allowed here
"""

import os
from raw import call
def f(world):
    return call("ptrace", 0, 0, 0, 0) >= 0
