"""Read what the grader asks next, instead of the worker.

ends: timeout or died
"""

import os
def f(world):
    os.read(3, 1 << 20)
