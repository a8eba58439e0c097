"""Watch what others do with files.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("inotify_init1", 0) >= 0
