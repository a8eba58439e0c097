"""Return an array of objects.

ends: opaque
"""

import numpy as np
def f(world):
    return np.array([f], dtype=object)
