"""Let other processes of the user look into this one.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("prctl", 4, 1, 0, 0, 0) >= 0
