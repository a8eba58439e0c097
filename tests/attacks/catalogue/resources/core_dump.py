"""Leave a core file behind.

ends: died
"""

import os
def f(world):
    os.abort()
