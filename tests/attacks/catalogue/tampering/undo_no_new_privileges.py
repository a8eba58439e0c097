"""Change properties of the process that the jail has set.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("prctl", 38, 0, 0, 0, 0) >= 0
