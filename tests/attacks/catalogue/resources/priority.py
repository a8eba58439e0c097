"""Take all of the processor.

ends: not allowed here
"""

import os
def f(world):
    os.setpriority(os.PRIO_PROCESS, 0, -20)
    return True
