"""Send a value of a type that there isn't.

ends: protocol
"""

import os
import struct
from line import VALUE, connection, reply
def f(world):
    reply(connection()._nonce, 0, b"t\2\0\0\0?s\0\0\0\0")
