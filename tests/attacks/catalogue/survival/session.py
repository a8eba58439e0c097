"""Leave the session.

ends: not allowed here
"""

import os
from raw import call
def f(world):
    return call("setsid") >= 0
