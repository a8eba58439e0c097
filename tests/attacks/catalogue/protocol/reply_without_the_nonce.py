"""Reply with a nonce that was made up.

ends: protocol
"""

import os
import struct
from line import VALUE, connection, reply
def f(world):
    reply(bytes(8), 0)
