"""Talk to a service of this machine by an abstract name.

ends: not allowed here: using the network
"""

import socket
def f(world):
    socket.socket(socket.AF_UNIX).connect("\0" + world["abstract"])
    return True
