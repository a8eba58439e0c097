"""Attacks reach for things of ours that are there: one that misses its target proves nothing when it fails."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
_MODULE = re.compile(r'(?:(\w+) = )?sys\.modules\["_grade_worker\.([\w.]+)"\](?:\.(\w+))?')
FILES = [
    file
    for folder in ("catalogue", "forgery")
    for file in sorted((HERE / folder).rglob("*.py"))
    if "_grade_worker" in file.read_text()
]


def targets(source: str) -> set[tuple[str, str]]:
    """The modules of the worker that an attack takes, each with a name that it uses of them."""
    found = set()
    for variable, module, name in _MODULE.findall(source):
        names = re.findall(rf"\b{variable}\.(\w+)", source) if variable else []
        found |= {(module, each) for each in (*names, *([name] if name else []))}
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_what_an_attack_takes_of_the_worker_is_there(file: Path) -> None:
    for module, name in targets(file.read_text()):
        assert hasattr(importlib.import_module(f"grader.{module}"), name), f"{module}.{name}"


def test_an_attack_on_something_that_is_gone_is_noticed() -> None:
    source = 'm = sys.modules["_grade_worker.worker.shared.steps"]\nm.NoSuchThing()\n'
    assert targets(source) == {("worker.shared.steps", "NoSuchThing")}
