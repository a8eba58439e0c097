"""Save an array, and map a file.

ends: nothing
"""

import numpy as np
def f(world):
    try:
        np.save(world["folder"] + "/" + world["token"], np.ones(3))
    except OSError:
        np.memmap(world["folder"] + "/" + world["token"], "u1", "w+", shape=10)
    return True
