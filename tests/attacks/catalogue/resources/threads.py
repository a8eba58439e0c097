"""Start threads, past a limit on the processor time of one.

ends: not allowed here: starting threads
"""

import threading
def f(world):
    for _ in range(20):
        threading.Thread(target=threading.Event().wait, daemon=True).start()
    return True
