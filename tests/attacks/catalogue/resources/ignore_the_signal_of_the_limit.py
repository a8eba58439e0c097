"""Catch the kernel's signal at the end of the processor time, and go on.

ends: timeout
"""

import signal
def f(world):
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    while True:
        pass
