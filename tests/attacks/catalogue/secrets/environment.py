"""Look for tokens in the environment.

ends: nothing
"""

import os
def f(world):
    return {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
