"""Run a command in a shell.

ends: nothing
"""

import os
def f(world):
    return os.system("true") == 0
