"""Take shared memory that no limit of a process counts, and that stays.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("shmget", 0, 1 << 20, 0o1600) >= 0
