"""End the process while the file is loaded.

ends: died
"""

import os
os._exit(0)
def f(world):
    pass
