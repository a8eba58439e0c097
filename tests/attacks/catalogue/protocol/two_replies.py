"""Reply by itself, and let the true reply follow.

ends: protocol
"""

from line import connection, reply
def f(world):
    reply(connection()._nonce, 0)
def g(world):
    pass
