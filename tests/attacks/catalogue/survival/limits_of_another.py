"""Lower the limits of another process.

ends: not allowed here
"""

import os
from raw import call
def f(world):
    return call("prlimit64", world["victim"], 7, bytes(16), 0) >= 0
