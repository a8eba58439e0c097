"""Send an array whose number of entries overflows to nought.

ends: protocol
"""

import os
import struct
from line import VALUE, connection, reply
def f(world):
    reply(connection()._nonce, 0, b"t\2\0\0\0a\x0b\2" + 2 * (1 << 32).to_bytes(8, "little") + b"s\0\0\0\0")
