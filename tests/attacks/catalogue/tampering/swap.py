"""Take memory away from the machine.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("swapoff", b"/swap") >= 0
