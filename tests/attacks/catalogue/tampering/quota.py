"""Change the quota of others.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("quotactl", 0, 0, 0, 0) >= 0
