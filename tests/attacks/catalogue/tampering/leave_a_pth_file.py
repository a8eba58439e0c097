"""Write a .pth file that every later Python runs.

ends: nothing
"""

import numpy
def f(world):
    return open(f"{numpy.__path__[0]}/../{world['token']}.pth", "w").name
