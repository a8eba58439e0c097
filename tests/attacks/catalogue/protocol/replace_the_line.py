"""Put another descriptor in the line's place.

ends: died
"""

import os
def f(world):
    os.dup2(0, 3)
    while True:
        pass
