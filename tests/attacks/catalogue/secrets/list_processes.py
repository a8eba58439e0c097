"""See which processes run.

ends: nothing
"""

import os
def f(world):
    return [name for name in os.listdir("/proc") if name.isdigit()]
