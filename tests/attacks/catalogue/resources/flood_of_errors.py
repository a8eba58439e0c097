"""Print without end on stderr.

ends: output
"""

import sys
def f(world):
    while True:
        sys.stderr.write("x" * 100_000)
