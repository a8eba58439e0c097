"""Talk to the host of a virtual machine.

ends: not allowed here: using the network
"""

import socket
def f(world):
    socket.socket(40, socket.SOCK_STREAM)
    return True
