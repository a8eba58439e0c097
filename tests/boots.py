"""The other process with something taken away: for tests of the jail alone.

There is no switch in the grader for this. A test starts a boot file of its own, which loads the real one and changes
the worker before it begins. Runs with a layer taken away belong in a pid namespace: a submission may then really kill.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.sandbox import launch as starting

_BOOT = """
import json, sys
from importlib.util import module_from_spec, spec_from_file_location

spec = spec_from_file_location("boot", {boot!r})
boot = module_from_spec(spec)
spec.loader.exec_module(boot)
configuration = json.loads(sys.argv[1])
boot.make_package(configuration["path"])
{change}
boot.start(configuration)
"""

WITHOUT_SELFTEST = """
from _grade_worker.worker.jail import selftest
selftest.problems = lambda entries, secrets: iter(())
"""


def boot_with(change: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every sandbox of this test run `change` in its process, before the jail is built."""
    monkeypatch.setattr(starting, "BOOT", write_boot(change, folder))
    monkeypatch.setattr(starting, "_ahead", [])  # one that another test left there knows nothing of the change


def write_boot(change: str, folder: Path) -> str:
    """The path of a boot file that makes this change first."""
    file = folder / "changed_boot.py"
    file.write_text(_BOOT.format(boot=starting.BOOT, change=change))
    return str(file)


#: A change: a bare fork, for measuring only.
ALL_LAYERS_GONE = f"""{WITHOUT_SELFTEST}
from _grade_worker.worker import jail
jail.LAYERS = {{"descriptors": jail.LAYERS["descriptors"]}}
"""


def without_layer(name: str) -> str:
    """A change: this layer does nothing, and the self-test doesn't look."""
    change = f"from _grade_worker.worker import jail\njail.LAYERS[{name!r}] = lambda cell, terms: None\n"
    return f"{WITHOUT_SELFTEST}\n{change}"


def without_namespaces() -> str:
    """A change: as on a host that allows none."""
    return """
from _grade_worker.worker.jail import namespaces
def refuse(view): raise OSError("the host allows none")
namespaces.enter = refuse
"""
