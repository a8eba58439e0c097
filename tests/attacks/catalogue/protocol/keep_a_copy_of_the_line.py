"""Keep a copy of the line, and answer on it later.

ends: protocol
"""

import os
import line
def f(world):
    copy = os.dup(3)
    os.write(copy, line.frame(bytes(8), 0, line.VALUE))
