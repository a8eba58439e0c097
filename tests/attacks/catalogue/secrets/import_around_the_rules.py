"""Load the grader's source with the import system's own loaders.

ends: nothing
"""

from importlib.machinery import SourceFileLoader
def f(world):
    return SourceFileLoader("grader", world["grader"] + "/__init__.py").load_module()
