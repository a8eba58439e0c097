"""Take back the signal at the parent's end.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("prctl", 1, 0, 0, 0, 0) >= 0
