"""Imports point one way, down the layers of the house, and importing the package costs nothing."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "grader"

#: Lowest first. A module may import from its own layer or a lower one.
LAYERS = (
    ("errors", "verdict", "version", "numeric", "limits"),
    ("worker",),
    (
        "bounded",
        "yamltree",
        "expression",
        "alignment",
        "made",
        "late",
        "rubric",
        "rubric_late",
        "rubric_nodes",
        "rubric_checks",
        "rubric_reader",
        "submission",
        "intake",
    ),
    ("slicing", "extraction", "python2", "reference", "inputs", "assignment"),
    ("hosting", "sandbox", "doctor", "checks", "plan"),
    (
        "asking",
        "behaviour",
        "carrying",
        "diagnosis",
        "grades",
        "judging",
        "score",
        "simple_draws",
        "sketches",
        "unfilled",
        "witness",
    ),
    ("report", "pipeline"),
    ("authoring",),
    ("classroom",),
    ("cli", "__main__"),
)


def layer_of(module: str) -> int:
    return next(i for i, layer in enumerate(LAYERS) if module in layer)


def imports(file: Path) -> set[str]:
    """The first-level names under `grader` that a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and not node.level:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        found |= {name.split(".")[1] for name in names if name.startswith("grader.")}
    return found


FILES = sorted(file for file in ROOT.rglob("*.py") if file != ROOT / "__init__.py")


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_imports_point_down_the_layers(file: Path) -> None:
    here = file.relative_to(ROOT).parts[0].removesuffix(".py")
    above = {name for name in imports(file) if layer_of(name) > layer_of(here)}
    assert not above, f"{here} imports from above: {sorted(above)}"


@pytest.mark.parametrize("file", sorted((ROOT / "worker").rglob("*.py")), ids=lambda file: file.name)
def test_the_worker_imports_nothing_of_the_rest(file: Path) -> None:
    assert imports(file) <= {"worker"}


def test_importing_the_package_loads_nothing_of_it() -> None:
    code = "import sys, grader; print(sorted(m for m in sys.modules if m.startswith(('grader.', 'numpy'))))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
