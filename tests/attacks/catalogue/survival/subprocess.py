"""Start a process.

ends: not allowed here: starting processes
"""

import subprocess
def f(world):
    return subprocess.run(["true"]).returncode == 0
