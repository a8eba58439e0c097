"""Change options of the line to the grader.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("setsockopt", 3, 1, 7, b"\1\0\0\0", 4) >= 0
