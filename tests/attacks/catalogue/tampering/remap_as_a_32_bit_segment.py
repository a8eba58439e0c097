"""Change the processor's segments.

machine: x86_64
ends: not allowed here
"""

from raw import call
def f(world):
    return call("modify_ldt", 0, 0, 0) >= 0
