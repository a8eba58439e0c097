"""Seize the parent as a debugger, without stopping it.

ends: not allowed here
"""

import os
from raw import call
def f(world):
    return call("ptrace", 0x4206, os.getppid(), 0, 0) == 0
