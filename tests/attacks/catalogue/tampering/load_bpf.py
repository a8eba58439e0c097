"""Load a program into the kernel.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("bpf", 5, 0, 0) >= 0
