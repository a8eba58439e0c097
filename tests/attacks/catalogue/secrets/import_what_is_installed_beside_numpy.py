"""Import a package that is installed, and that the rubric doesn't grant.

ends: nothing
"""

import importlib.util
def f(world):
    import numpy, os
    folder = os.path.dirname(numpy.__path__[0])
    return [name for name in ("click", "msgspec", "pytest", "_pytest") if os.path.exists(f"{folder}/{name}/__init__.py")
            and open(f"{folder}/{name}/__init__.py").read()]
