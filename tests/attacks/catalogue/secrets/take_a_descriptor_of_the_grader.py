"""Copy a descriptor out of the grader, by a pidfd.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("pidfd_getfd", call("pidfd_open", world["pid"], 0), 0, 0) >= 0
