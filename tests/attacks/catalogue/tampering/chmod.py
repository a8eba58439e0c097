"""Open a file to everybody.

ends: not allowed here: changing files and folders
"""

import os
def f(world):
    os.chmod(world["secret"], 0o777)
    return True
