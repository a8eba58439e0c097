"""Open a file with creat and with the plain open.

machine: x86_64
ends: nothing
"""

import os
from raw import call
def f(world):
    try:
        return call("open", world["secret"].encode(), 0, 0)
    except OSError:
        return call("creat", world["secret"].encode(), 0o600)
