"""Become another program.

ends: not allowed here: starting processes
"""

import os
def f(world):
    os.execv("/bin/true", ["true"])
