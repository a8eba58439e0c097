"""Set an extended attribute.

ends: not allowed here: changing files and folders
"""

import os
def f(world):
    os.setxattr(world["secret"], "user.x", b"x")
    return True
