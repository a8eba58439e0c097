"""Give the machine another name.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("sethostname", b"x", 1) >= 0
