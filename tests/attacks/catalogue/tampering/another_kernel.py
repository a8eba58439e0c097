"""Load another kernel.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("kexec_load", 0, 0, 0, 0) >= 0
