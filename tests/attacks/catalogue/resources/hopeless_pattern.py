"""Match a pattern that takes for ever, holding the interpreter.

ends: timeout
"""

import re
def f(world):
    return re.match("(a+)+$", "a" * 60 + "b")
