"""List the folder in which the grader is installed.

ends: nothing
"""

import os
def f(world):
    return os.listdir(world["grader"])
