"""Send the reply to another request.

ends: protocol
"""

import os
import struct
from line import VALUE, connection, reply
def f(world):
    reply(connection()._nonce, 0, kind=12)
