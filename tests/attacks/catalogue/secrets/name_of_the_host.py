"""Ask for the host's name, which often tells whose machine it is.

ends: nothing
ends without namespaces: gets it
"""

import os
def f(world):
    return world["host"] if os.uname().nodename == world["host"] else ""
