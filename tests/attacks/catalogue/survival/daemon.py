"""Fork twice and start a session of its own, to outlive the job.

ends: not allowed here: starting processes
"""

import os
def f(world):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os._exit(0)
        os._exit(0)
    return True
