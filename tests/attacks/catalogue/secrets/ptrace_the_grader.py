"""Attach to the grader as a debugger.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("ptrace", 16, world["pid"], 0, 0) == 0
