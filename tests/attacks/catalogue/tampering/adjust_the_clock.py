"""Slow the machine's clock down.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("adjtimex", bytes(208)) >= 0
