"""Remove a file.

ends: not allowed here: changing files and folders
"""

import os
def f(world):
    os.remove(world["secret"])
    return True
