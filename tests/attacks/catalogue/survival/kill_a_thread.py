"""Kill a thread of the grader.

ends: not allowed here
"""

import os
from raw import call
def f(world):
    return call("tgkill", world["victim"], world["victim"], 9) >= 0
