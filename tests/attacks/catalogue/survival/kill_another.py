"""Kill another process of the same user.

ends: not allowed here: sending signals
"""

import os
def f(world):
    os.kill(world["victim"], 9)
    return True
