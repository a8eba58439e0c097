"""Find out by stat whether a guessed path exists, and its size.

ends: nothing
ends without namespaces: gets it
"""

import os
def f(world):
    return os.stat(world["secret"]).st_size
