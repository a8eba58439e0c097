"""Read what somebody might type, or what was piped in.

ends: raises EOFError
"""

import sys
def f(world):
    return sys.stdin.read() or open(0, closefd=False).read() or input()
