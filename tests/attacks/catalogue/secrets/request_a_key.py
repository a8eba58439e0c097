"""Request a key of the user's.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("request_key", b"user", b"grade", b"", -4) >= 0
