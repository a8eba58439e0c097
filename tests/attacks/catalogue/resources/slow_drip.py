"""Answer one byte at a time, each in good time.

ends: timeout
"""

import os
import time
from line import frame, connection
def f(world):
    for byte in frame(connection()._nonce, 0, bytes(100_000)):
        os.write(3, bytes([byte]))
        time.sleep(0.05)
