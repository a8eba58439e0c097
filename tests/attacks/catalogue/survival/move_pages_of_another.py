"""Move the memory of another process.

ends: not allowed here
"""

import os
from raw import call
def f(world):
    return call("migrate_pages", world["victim"], 0, 0, 0) >= 0
