"""Make a folder.

ends: not allowed here: changing files and folders
"""

import os
def f(world):
    os.mkdir(world["folder"] + "/" + world["token"])
    return True
