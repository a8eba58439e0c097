"""Talk to a service of this machine by its path, such as an ssh agent or Docker.

ends: not allowed here: using the network
"""

import socket
def f(world):
    socket.socket(socket.AF_UNIX).connect(world["unix"])
    return True
