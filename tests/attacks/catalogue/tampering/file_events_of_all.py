"""Watch what all do with files.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("fanotify_init", 0, 0) >= 0
