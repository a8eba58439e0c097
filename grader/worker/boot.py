"""The first file that the other process runs: `python -I -S boot.py [CONFIGURATION]`.

It makes three folders of the grader packages under a name of its own: this one, and the two that read and slice a
submission. Nothing else of the grader can be imported, and a submission with a module called `grader` gets its own.

Without a configuration it was started ahead of time: it imports what it can, and reads the configuration as the first
packet of its control line.
"""

import gc
import json
import os
import sys
from importlib import import_module
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec
from typing import Any

PACKAGE = "_grade_worker"
#: What the other process has of the grader.
ROOMS = ("worker", "submission", "extraction")
#: What needs no package, so that it can be imported before it is known where they lie.
AHEAD = ("submission.reading", "extraction.extract", "extraction.changes.listing", "extraction.repairs.listing")
_CONTROL = 3
_MOST_BYTES = 1 << 20


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


def start(configuration: dict[str, Any]) -> None:
    """Do what the configuration asks for; never returns."""
    read = import_module(f"{PACKAGE}.extraction.in_child").read_and_slice
    import_module(f"{PACKAGE}.worker.main").start(configuration, read)


def be_told() -> dict[str, Any]:
    """The configuration, which whoever started this process sends a little later. Ends where nobody does."""
    make_package([])
    for name in AHEAD:
        import_module(f"{PACKAGE}.{name}")
    packet = os.read(_CONTROL, _MOST_BYTES)
    if not packet:
        os._exit(0)
    configuration: dict[str, Any] = json.loads(packet)
    sys.path += configuration["path"]
    return configuration


def main() -> None:
    """Do what the command line asks for; never returns."""
    gc.disable()  # until all is imported: there is nothing to be found
    if len(sys.argv) > 1:
        configuration = json.loads(sys.argv[1])
        make_package(configuration["path"])
    else:
        configuration = be_told()
    start(configuration)


if __name__ == "__main__":
    main()
