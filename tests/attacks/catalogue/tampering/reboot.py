"""Restart the machine.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("reboot", 0xFEE1DEAD, 672274793, 0, 0) >= 0
