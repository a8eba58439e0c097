"""Make a pair of sockets.

ends: nothing
"""

import socket
def f(world):
    socket.socketpair()
    return True
