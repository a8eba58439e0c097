"""Send by the call that needs no connection.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("sendto", 3, b"x", 1, 0, 0, 0) >= 0
