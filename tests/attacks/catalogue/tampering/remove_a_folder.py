"""Remove a folder.

ends: not allowed here: changing files and folders
"""

import os
def f(world):
    os.rmdir(world["folder"] + "/empty")
    return True
