"""Return the records that messages are made of.

ends: opaque
"""

import sys
def f(world):
    steps = sys.modules["_grade_worker.worker.shared.steps"]
    return steps.Call("f", (steps.Ref(0),), {})
