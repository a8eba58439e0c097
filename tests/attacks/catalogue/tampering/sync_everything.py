"""Make the whole machine write to disk, again and again.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("sync") >= 0
