"""Leave a million objects whose removal takes for ever.

ends: timeout
"""

class Slow:
    def __del__(self):
        while True:
            pass
def f(world):
    Slow()
    return True
