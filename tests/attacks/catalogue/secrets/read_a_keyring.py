"""Read the user's keyring.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("keyctl", 0, -4, 1) >= 0
