"""Take memory away from another process.

ends: not allowed here
"""

import os
from raw import call
def f(world):
    return call("process_madvise", 3, 0, 0, 0, 0) >= 0
