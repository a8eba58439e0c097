"""Ask for more memory than is allowed.

ends: raises MemoryError
"""

import numpy as np
def f(world):
    return np.ones(300 << 20, "u1").sum() > 0
