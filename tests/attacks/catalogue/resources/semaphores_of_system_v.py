"""Take semaphores that stay.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("semget", 0, 10, 0o1600) >= 0
