"""Send steps, which only the grader may send.

ends: protocol
"""

import os
import struct
from line import VALUE, connection, reply
def f(world):
    reply(connection()._nonce, 0, b"t\2\0\0\0r\0Ts\0\0\0\0")
