"""Remove an extended attribute.

ends: not allowed here: changing files and folders
"""

import os
def f(world):
    os.removexattr(world["secret"], "user.x")
    return True
