"""Read a file that everybody may read.

ends: nothing
"""

def f(world):
    return open("/etc/passwd").read()
