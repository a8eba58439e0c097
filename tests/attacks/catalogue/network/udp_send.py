"""Send a datagram.

ends: not allowed here: using the network
"""

import socket
def f(world):
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", world["tcp"]))
    return True
