"""Make the worker claim that it isn't there, or that it's another class.

ends: opaque
"""

import sys
class Odd:
    __class__ = float
def f(world):
    return Odd()
