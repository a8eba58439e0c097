"""Join a group.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("setgroups", 0, 0) >= 0
