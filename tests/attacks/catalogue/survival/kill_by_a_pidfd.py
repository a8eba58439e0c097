"""Kill a process by a pidfd.

ends: not allowed here
"""

import os
from raw import call
def f(world):
    return call("pidfd_send_signal", call("pidfd_open", world["victim"], 0), 9, 0, 0) >= 0
