"""Send and see raw packets.

ends: not allowed here: using the network
"""

import socket
def f(world):
    socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    return True
