"""Join another namespace.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("setns", 3, 0) >= 0
