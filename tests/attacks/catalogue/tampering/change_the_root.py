"""Change the root of the namespace.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("pivot_root", b"/", b"/") >= 0
