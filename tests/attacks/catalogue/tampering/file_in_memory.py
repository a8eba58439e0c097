"""Make a file in memory, to run or to hide in.

ends: not allowed here
"""

import os
def f(world):
    return os.memfd_create("x")
