"""The first file that the other process runs: `python -I -S boot.py CONFIGURATION`.

It makes this folder a package under a name of its own, so that nothing else of the grader can be imported, and a
submission with a module called `grader` gets its own.
"""

import json
import sys
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec

PACKAGE = "_grade_worker"


def main() -> None:
    """Put the paths of the configuration in place and hand over."""
    configuration = json.loads(sys.argv[1])
    sys.path += configuration["path"]
    spec = ModuleSpec(PACKAGE, None, is_package=True)
    spec.submodule_search_locations = [__file__.rpartition("boot.py")[0].rstrip("/\\") or "."]
    sys.modules[PACKAGE] = module_from_spec(spec)
    start = __import__(f"{PACKAGE}.main", fromlist=["start"]).start
    start(configuration)


if __name__ == "__main__":
    main()
