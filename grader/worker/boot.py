"""The first file that the other process runs: `python -I -S boot.py CONFIGURATION`.

It makes this folder a package under a name of its own, so that nothing else of the grader can be imported, and a
submission with a module called `grader` gets its own.
"""

import json
import sys
from importlib import import_module
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec

PACKAGE = "_grade_worker"


def make_package(path: list[str]) -> None:
    """Make this folder importable as `PACKAGE`, and the folders of `path` for what the granted packages hold."""
    sys.path += path
    spec = ModuleSpec(PACKAGE, None, is_package=True)
    spec.submodule_search_locations = [__file__.rpartition("boot.py")[0].rstrip("/\\") or "."]
    sys.modules[PACKAGE] = module_from_spec(spec)


def main() -> None:
    """Do what the configuration asks for; never returns."""
    configuration = json.loads(sys.argv[1])
    make_package(configuration["path"])
    import_module(f"{PACKAGE}.main").start(configuration)


if __name__ == "__main__":
    main()
