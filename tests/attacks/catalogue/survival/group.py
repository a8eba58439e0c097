"""Leave the group of processes.

ends: not allowed here
"""

import os
from raw import call
def f(world):
    return call("setpgid", 0, 0) >= 0
