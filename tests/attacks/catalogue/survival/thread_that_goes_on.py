"""Leave a thread behind that goes on after the answer.

ends: not allowed here: starting threads
"""

import _thread
def f(world):
    _thread.start_new_thread(lambda: None, ())
    return True
