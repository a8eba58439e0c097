"""Change the size of what is open.

ends: not allowed here: changing files and folders
"""

import os
def f(world):
    os.ftruncate(1, 10)
    return True
