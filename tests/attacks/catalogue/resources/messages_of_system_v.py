"""Take a queue of messages that stays.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("msgget", 0, 0o1600) >= 0
