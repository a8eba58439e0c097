"""Map memory past Python's allocator.

ends: nothing
"""

import mmap
def f(world):
    return len(mmap.mmap(-1, 400 << 20))
