"""Send a reply of a kind that there isn't.

ends: protocol
"""

import os
import struct
from line import VALUE, connection, reply
def f(world):
    reply(connection()._nonce, 0, kind=99)
