"""Have the kernel send a signal later.

ends: not allowed here
"""

import os
from raw import call
def f(world):
    return call("setitimer", 0, bytes(32), 0) >= 0
