"""Wait for oneself.

ends: timeout
"""

import threading
def f(world):
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
