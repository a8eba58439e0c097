"""Turn address randomisation off.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("personality", 0x0040000) >= 0
