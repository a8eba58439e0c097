"""Load a module into the kernel.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("init_module", b"x", 1, b"") >= 0
