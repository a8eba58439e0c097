"""Put a filter of one's own over the jail's, to fool it.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("seccomp", 1, 0, bytes(16)) >= 0
