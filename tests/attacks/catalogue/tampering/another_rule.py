"""Make rules of Landlock's of one's own.

ends: not allowed here
"""

from raw import call
def f(world):
    return call("landlock_create_ruleset", 0, 0, 1) >= 0
