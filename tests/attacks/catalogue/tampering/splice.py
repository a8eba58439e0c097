"""Move bytes between descriptors without reading them.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("splice", 3, 0, 1, 0, 100, 0) >= 0
