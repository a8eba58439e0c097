"""Send lists in lists in lists.

ends: protocol
"""

import os
import struct
from line import VALUE, connection, reply
def f(world):
    reply(connection()._nonce, 0, b"t\2\0\0\0" + b"l\1\0\0\0" * 100_000 + b"Ns\0\0\0\0")
