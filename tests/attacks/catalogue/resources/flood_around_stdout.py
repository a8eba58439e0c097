"""Write to the descriptors without end.

ends: timeout
"""

import os
def f(world):
    while True:
        os.write(1, bytes(1 << 20))
        os.write(2, bytes(1 << 20))
