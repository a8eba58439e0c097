"""Send an array of a dtype that isn't plain.

ends: protocol
"""

import os
import struct
from line import VALUE, connection, reply
def f(world):
    reply(connection()._nonce, 0, b"t\2\0\0\0a\xff\0s\0\0\0\0")
