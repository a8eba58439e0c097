"""Read the extended attributes of a secret.

ends: nothing
"""

import os
def f(world):
    return os.listxattr(world["secret"]) or [True]
