"""Return an object that would run a command where it is unpickled.

ends: opaque
"""

import os
class Gadget:
    def __reduce__(self):
        return os.system, ("touch /tmp/gadget",)
def f(world):
    return Gadget()
