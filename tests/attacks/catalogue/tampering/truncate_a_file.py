"""Empty a file by its name.

ends: not allowed here: changing files and folders
"""

import os
def f(world):
    os.truncate(world["secret"], 0)
    return True
