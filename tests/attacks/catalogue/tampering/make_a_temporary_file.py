"""Have Python find a place for a temporary file.

ends: nothing
"""

import tempfile
def f(world):
    return tempfile.NamedTemporaryFile(prefix=world["token"]).name
