"""Kill all that can be killed.

ends: not allowed here: sending signals
"""

import os
def f(world):
    os.kill(-1, 9)
    return True
