"""Get a descriptor of a secret that can't be read through, and then try to read through it.

ends: nothing
"""

import os
def f(world):
    descriptor = os.open(world["secret"], os.O_PATH)
    for path in (f"/proc/self/fd/{descriptor}", f"/dev/fd/{descriptor}"):
        try:
            return open(path).read()
        except OSError:
            pass
    return os.read(descriptor, 10)
