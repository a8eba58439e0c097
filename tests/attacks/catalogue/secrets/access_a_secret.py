"""Find out by access whether a guessed path exists.

ends: nothing
ends without namespaces: gets it
"""

import os
def f(world):
    return os.access(world["secret"], os.F_OK)
