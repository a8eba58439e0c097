"""Reply for ever.

ends: protocol
"""

from line import connection, reply
def f(world):
    nonce = connection()._nonce
    while True:
        reply(nonce, 0)
def g(world):
    pass
