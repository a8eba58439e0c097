"""Make a symbolic link to a secret, and read that.

ends: not allowed here: changing files and folders
"""

import os
def f(world):
    os.symlink(world["secret"], world["folder"] + "/link-" + world["token"])
    return open(world["folder"] + "/link-" + world["token"]).read()
