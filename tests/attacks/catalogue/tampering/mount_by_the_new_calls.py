"""Mount with the newer calls.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("fsopen", b"tmpfs", 0) >= 0
