"""Send bytes that are no UTF-8 as a text.

ends: protocol
"""

import os
import struct
from line import VALUE, connection, reply
def f(world):
    reply(connection()._nonce, 0, b"t\2\0\0\0Ts\1\0\0\0\xff")
