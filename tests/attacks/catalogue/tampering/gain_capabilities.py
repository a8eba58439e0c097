"""Take capabilities back.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("capset", bytes(8), bytes(24)) >= 0
