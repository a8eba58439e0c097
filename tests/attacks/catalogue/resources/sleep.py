"""Wait without using the processor.

ends: timeout
"""

import time
def f(world):
    time.sleep(3600)
