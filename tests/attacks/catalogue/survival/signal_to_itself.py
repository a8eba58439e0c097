"""Stop itself, so that the grader waits for ever.

ends: not allowed here
"""

import os
from raw import call
def f(world):
    return call("kill", os.getpid(), 19) >= 0
