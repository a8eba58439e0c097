"""Change a file's times.

ends: not allowed here: changing files and folders
"""

import os
def f(world):
    os.utime(world["secret"], (0, 0))
    return True
