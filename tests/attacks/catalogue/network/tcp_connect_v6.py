"""Connect over IPv6.

ends: not allowed here: using the network
"""

import socket
def f(world):
    socket.create_connection(("::1", world["tcp"]), 1)
    return True
