"""Ask the kernel about networks and processes.

ends: not allowed here: using the network
"""

import socket
def f(world):
    socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    return True
