"""Swallow whatever is raised.

ends: timeout
"""

def f(world):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
