"""Give a file away.

ends: not allowed here: changing files and folders
"""

import os
def f(world):
    os.chown(world["secret"], os.getuid(), -1)
    return True
