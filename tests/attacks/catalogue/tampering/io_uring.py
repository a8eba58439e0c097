"""Do what the filter can't see through io_uring.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("io_uring_setup", 1, bytes(120)) >= 0
