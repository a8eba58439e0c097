"""Set the machine's clock, by which lateness is told.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("clock_settime", 0, bytes(16)) >= 0
