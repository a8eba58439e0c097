"""Kill a thread by the call that takes no group.

ends: not allowed here
"""

import os
from raw import call
def f(world):
    return call("tkill", world["victim"], 9) >= 0
