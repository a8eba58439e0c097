"""The worker's code as the submission before this one has left it.

ends: nothing
"""

import sys
def f(world):
    return [name for name, module in sys.modules.items() if getattr(module, "spoiled", False)]
