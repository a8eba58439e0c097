"""Raise a limit of its own.

ends: raises ValueError
"""

import resource
def f(world):
    resource.setrlimit(resource.RLIMIT_CPU, (1000, 1000))
    return True
