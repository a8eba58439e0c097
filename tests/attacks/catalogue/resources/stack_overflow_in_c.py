"""Overflow the stack of C by comparing what contains itself.

ends: died or timeout or raises RecursionError or raises MemoryError
"""

import sys
def f(world):
    sys.setrecursionlimit(10**9)
    nested = []
    for _ in range(10**6):
        nested = [nested]
    return repr(nested) and None
