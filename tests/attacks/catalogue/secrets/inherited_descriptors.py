"""Use a descriptor that was left open.

ends: nothing
"""

import os
def f(world):
    found = []
    for number in range(4, 4096):
        try:
            found.append((number, os.fstat(number).st_size))
        except OSError:
            pass
    return found
