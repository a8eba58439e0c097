"""Measure other processes.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("perf_event_open", bytes(128), 0, -1, -1, 0) >= 0
