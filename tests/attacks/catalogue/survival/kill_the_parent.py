"""Kill the parent.

ends: not allowed here: sending signals
"""

import os
def f(world):
    os.kill(os.getppid(), 9)
    return True
