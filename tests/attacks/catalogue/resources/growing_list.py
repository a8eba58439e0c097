"""Grow a list for ever.

ends: raises MemoryError or timeout or died
"""

def f(world):
    kept = []
    while True:
        kept.append(bytearray(1 << 20))
