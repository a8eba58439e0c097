"""Return an object that hangs at every question.

ends: opaque
"""

class Hangs(type):
    def __getattribute__(self, name):
        while True:
            pass
class Odd(metaclass=Hangs):
    def __eq__(self, other):
        while True:
            pass
    __bool__ = __len__ = __hash__ = __eq__
def f(world):
    return [object.__new__(Odd)]
