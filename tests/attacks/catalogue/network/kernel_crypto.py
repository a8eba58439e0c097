"""Use the kernel's ciphers, a large surface.

ends: not allowed here: using the network
"""

import socket
def f(world):
    socket.socket(38, socket.SOCK_SEQPACKET)
    return True
