"""Fork by clone, with no flag but the signal at its end.

ends: not allowed here
"""

import os
from raw import call
def f(world):
    pid = call("clone", 17, 0, 0, 0, 0)
    if pid == 0:
        os._exit(0)
    return True
