"""Take a protection key.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("pkey_alloc", 0, 0) >= 0
