"""Close all descriptors, and go on.

ends: died
"""

import os
def f(world):
    os.closerange(0, 100)
    while True:
        pass
