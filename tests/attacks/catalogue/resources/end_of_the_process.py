"""End the process with the status of success.

ends: died
"""

import os
def f(world):
    os._exit(0)
