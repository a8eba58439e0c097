"""Register with an io_uring.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("io_uring_register", 3, 0, 0, 0) >= 0
