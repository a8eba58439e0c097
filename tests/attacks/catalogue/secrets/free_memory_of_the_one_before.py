"""Look through fresh memory for something of the submission that was graded before this one.

ends: nothing
"""

import numpy as np
def f(world):
    blocks = [np.empty(size, "u1").tobytes() for size in (100, 1000, 10_000, 100_000) for _ in range(50)]
    return [block for block in blocks if world["earlier"].encode() + b"was here" in block]
