"""Leave with sys.exit(0), which is no result.

ends: raises SystemExit
"""

import sys
def f(world):
    sys.exit(0)
