"""Return something that is iterated over for ever.

ends: opaque
"""

import itertools
def f(world):
    return itertools.count()
