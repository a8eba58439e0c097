"""Close the line to the grader.

ends: died
"""

import os
def f(world):
    os.close(3)
    while True:
        pass
