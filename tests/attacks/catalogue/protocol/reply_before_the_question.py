"""Write a reply while the file is loaded, before anything was asked.

ends: protocol
"""

from line import reply
reply(bytes(8), 0)
def f(world):
    pass
