"""Make a system call in the processor's second ABI (x32), whose numbers the filter may not know.

machine: x86_64
ends: died
"""

from raw import call_number
def f(world):
    return call_number(0x40000000 + 39)
