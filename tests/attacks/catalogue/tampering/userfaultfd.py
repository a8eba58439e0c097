"""Stop the kernel in the middle of a copy.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("userfaultfd", 0) >= 0
