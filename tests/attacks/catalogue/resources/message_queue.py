"""Take a POSIX queue of messages.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("mq_open", b"x", 0o102, 0o600, 0) >= 0
