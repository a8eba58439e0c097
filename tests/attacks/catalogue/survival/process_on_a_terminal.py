"""Start a process on a terminal of its own.

ends: nothing
"""

import os
def f(world):
    return os.forkpty()[1]
