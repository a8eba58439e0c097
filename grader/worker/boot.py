"""The first file that the other process runs: `python -I -S boot.py CONFIGURATION`.

It makes three folders of the grader packages under a name of its own: this one, and the two that read and slice a
submission. Nothing else of the grader can be imported, and a submission with a module called `grader` gets its own.
"""

import json
import sys
from importlib import import_module
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec

PACKAGE = "_grade_worker"
#: What the other process has of the grader.
ROOMS = ("worker", "submission", "extraction")


def make_package(path: list[str]) -> None:
    """Make the rooms importable below `PACKAGE`, and the folders of `path` for what the granted packages hold."""
    sys.path += path
    home = __file__.replace("\\", "/").rpartition("worker/boot.py")[0] or "../"  # Windows takes either slash
    _add(PACKAGE, [])
    for room in ROOMS:
        _add(f"{PACKAGE}.{room}", [home + room])


def _add(name: str, places: list[str]) -> None:
    spec = ModuleSpec(name, None, is_package=True)
    spec.submodule_search_locations = places
    sys.modules[name] = module_from_spec(spec)


def start(configuration: dict[str, object]) -> None:
    """Do what the configuration asks for; never returns."""
    read = import_module(f"{PACKAGE}.extraction.in_child").read_and_slice
    import_module(f"{PACKAGE}.worker.main").start(configuration, read)


def main() -> None:
    """Do what the command line asks for; never returns."""
    configuration = json.loads(sys.argv[1])
    make_package(configuration["path"])
    start(configuration)


if __name__ == "__main__":
    main()
