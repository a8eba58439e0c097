"""Talk to devices directly.

machine: x86_64
ends: not allowed here
"""

from raw import call
def f(world):
    return call("iopl", 3) >= 0
