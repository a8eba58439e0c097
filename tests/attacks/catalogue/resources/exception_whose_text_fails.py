"""Raise an exception whose text raises, whose text raises.

ends: raises E
"""

class E(Exception):
    def __str__(self):
        raise E
def f(world):
    raise E
