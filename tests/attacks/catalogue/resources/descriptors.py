"""Open descriptors until there are none left for the machine.

ends: raises OSError
"""

import os
def f(world):
    while True:
        os.dup(0)
