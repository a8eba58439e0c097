"""Receive a descriptor over the line to the grader.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("recvmsg", 3, bytes(56), 0x40) >= 0
