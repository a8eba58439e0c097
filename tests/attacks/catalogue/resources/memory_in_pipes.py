"""Hide memory in pipes, which no limit of a process counts.

ends: not allowed here
"""

import os
def f(world):
    return [os.pipe() for _ in range(10)]
