"""Send the head of an array of 2**60 numbers.

ends: protocol
"""

import os
import struct
from line import VALUE, connection, reply
def f(world):
    reply(connection()._nonce, 0, b"t\2\0\0\0a\x0b\1" + (1 << 60).to_bytes(8, "little") + b"s\0\0\0\0")
