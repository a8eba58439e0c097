"""Change into the secret's folder and use relative names.

ends: not allowed here: listing folders
"""

import os
def f(world):
    os.chdir(world["folder"])
    return open("secret.txt").read()
