"""Fork by the other calls for it.

machine: x86_64
ends: not allowed here
"""

import os
from raw import call
def f(world):
    pid = call("vfork")
    if pid == 0:
        os._exit(0)
    return True
