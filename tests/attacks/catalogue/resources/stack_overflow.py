"""Raise the limit on recursion, and overflow the stack.

ends: died or timeout or raises RecursionError or raises MemoryError
"""

import sys
def f(world):
    sys.setrecursionlimit(10**9)
    def deep(n):
        return deep(n + 1) + 1
    return deep(0)
