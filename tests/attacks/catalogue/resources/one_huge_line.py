"""Print one line that is larger than all limits.

ends: raises MemoryError or output or timeout
"""

def f(world):
    print("x" * (100 << 20))
