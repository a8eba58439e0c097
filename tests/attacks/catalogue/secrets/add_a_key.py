"""Leave a key in the user's keyring for the next submission.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("add_key", b"user", world["token"].encode(), b"x", 1, -4) >= 0
