"""Read the reference, where it is installed.

ends: nothing
"""

def f(world):
    return open(world["reference"]).read()
