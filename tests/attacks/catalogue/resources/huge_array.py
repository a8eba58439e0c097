"""Ask for more memory than there is.

ends: raises MemoryError
"""

import numpy as np
def f(world):
    return np.ones(1 << 40).sum()
