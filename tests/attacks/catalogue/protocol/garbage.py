"""Write what is no frame.

ends: protocol
"""

import os
import struct
from line import VALUE, connection, reply
def f(world):
    os.write(3, b"x" * 100)
