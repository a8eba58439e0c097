"""Wait for processes that aren't its own.

ends: not allowed here
"""

import os
from raw import call
def f(world):
    return call("wait4", -1, 0, 1, 0) >= 0
