"""Send a bool of two.

ends: protocol
"""

import os
import struct
from line import VALUE, connection, reply
def f(world):
    reply(connection()._nonce, 0, b"t\2\0\0\0a\0\1" + (1).to_bytes(8, "little") + b"\2s\0\0\0\0")
