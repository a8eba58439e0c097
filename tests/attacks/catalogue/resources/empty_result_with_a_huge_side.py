"""Return an array without entries, of a shape that would take all memory once it is transposed and filled.

ends: opaque
"""

import numpy as np
def f(world):
    return np.zeros((0, 1 << 40))
