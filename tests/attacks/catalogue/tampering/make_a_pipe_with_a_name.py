"""Make a pipe in the file system, on which somebody may hang.

ends: not allowed here
"""

import os
def f(world):
    os.mkfifo(world["folder"] + "/" + world["token"])
    return True
