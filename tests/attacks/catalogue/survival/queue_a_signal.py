"""Send a signal with a value.

ends: not allowed here
"""

import os
from raw import call
def f(world):
    return call("rt_sigqueueinfo", world["victim"], 9, bytes(128)) >= 0
