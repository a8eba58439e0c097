"""Listen for connections.

ends: not allowed here: using the network
"""

import socket
def f(world):
    socket.create_server(("127.0.0.1", 0))
    return True
