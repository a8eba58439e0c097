"""Carry a secret out in the name that is looked up.

ends: nothing
"""

import socket
def f(world):
    return socket.getaddrinfo(world["token"] + ".localhost", 80)
