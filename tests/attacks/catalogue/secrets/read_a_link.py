"""Learn from a link where something lies.

ends: nothing
ends without namespaces: gets it
"""

import os
def f(world):
    return [os.readlink(path) for path in ("/proc/self/exe", "/proc/self/cwd", "/proc/self/root")]
