"""Announce more than is allowed.

ends: protocol
"""

import os
import struct
from line import VALUE, connection, reply
def f(world):
    os.write(3, struct.pack("<IBI8s", 0xFFFFFFFF, 13, 0, connection()._nonce))
