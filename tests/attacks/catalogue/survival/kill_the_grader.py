"""Kill the grader.

ends: not allowed here: sending signals
"""

import os
def f(world):
    os.kill(world["pid"], 9)
    return True
