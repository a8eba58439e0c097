"""Start a process by the call that forks and execs at once.

ends: not allowed here: starting processes
"""

import os
def f(world):
    return os.posix_spawn("/bin/true", ["true"], {})
