"""Rename a file.

ends: not allowed here: changing files and folders
"""

import os
def f(world):
    os.rename(world["secret"], world["secret"] + world["token"])
    return True
