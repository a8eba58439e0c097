"""Walk out of a granted folder with `..`.

ends: nothing
"""

import os
def f(world):
    library = os.path.dirname(os.__file__)
    return open(library + "/../" * 20 + world["secret"].lstrip("/")).read()
