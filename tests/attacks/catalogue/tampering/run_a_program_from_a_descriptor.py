"""Become a program by a descriptor.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("execveat", 3, b"", 0, 0, 0x1000) == 0
