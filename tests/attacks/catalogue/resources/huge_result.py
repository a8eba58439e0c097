"""Return an array that is larger than is allowed.

ends: opaque
"""

import numpy as np
def f(world):
    return np.broadcast_to(1.0, (1 << 20, 1 << 20))
