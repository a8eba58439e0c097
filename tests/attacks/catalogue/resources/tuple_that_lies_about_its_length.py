"""Return a tuple whose own iterator never ends.

ends: opaque
"""

import itertools
class Lie(tuple):
    def __len__(self):
        return 2
    def __iter__(self):
        return itertools.count()
def f(world):
    return [Lie((1,)), object()]
