"""List the root folder.

ends: nothing
"""

import os
def f(world):
    return os.listdir("/")
