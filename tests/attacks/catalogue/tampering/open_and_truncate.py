"""Empty a file by opening it.

ends: nothing
"""

import os
def f(world):
    return os.open(world["secret"], os.O_WRONLY | os.O_TRUNC)
