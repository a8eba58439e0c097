"""Connect to a server on this machine.

ends: not allowed here: using the network
"""

import socket
def f(world):
    socket.create_connection(("127.0.0.1", world["tcp"]), 1)
    return True
