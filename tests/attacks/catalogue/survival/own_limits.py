"""Set limits of its own by the call that asks for them.

ends: not allowed here
"""

import os
from raw import call
def f(world):
    return call("prlimit64", 0, 7, bytes(16), 0) >= 0
