"""Fork, and let all children fork.

ends: not allowed here: starting processes
"""

import os
def f(world):
    for _ in range(3):
        if os.fork() == 0:
            os._exit(0)
    return True
