"""Imports point one way, down the layers of the house and in no circle, and importing the package costs nothing."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "grader"

#: Lowest first. A module may import from its own layer or a lower one.
LAYERS = (
    ("errors", "verdict", "version", "numeric", "limits"),
    ("worker",),
    (
        "bounded",
        "memory",
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
        "composing",
        "diagnosis",
        "grades",
        "judging",
        "manual",
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


def module_of(file: Path) -> str:
    return ".".join(("grader", *file.relative_to(ROOT).with_suffix("").parts)).removesuffix(".__init__")


MODULES = {module_of(file): file for file in FILES}


def needed_by(node: ast.AST) -> Iterator[str]:
    """The modules that code imports when it runs, in functions too; not those for types alone."""
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return
    if isinstance(node, ast.ImportFrom) and node.module:
        names = (f"{node.module}.{alias.name}" for alias in node.names)
        yield from {name if name in MODULES else node.module for name in names} & MODULES.keys()
    elif isinstance(node, ast.Import):
        yield from {alias.name for alias in node.names} & MODULES.keys()
    for child in ast.iter_child_nodes(node):
        yield from needed_by(child)


def circle(graph: dict[str, set[str]]) -> list[str]:
    """Modules that need each other in a circle; empty where there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found
    return []


def test_no_modules_need_each_other_in_a_circle() -> None:
    assert not circle({name: set(needed_by(ast.parse(file.read_text()))) for name, file in MODULES.items()})


def test_the_search_for_circles_finds_late_ones_and_passes_over_types() -> None:
    first, second = sorted(MODULES)[:2]
    late = set(needed_by(ast.parse(f"def f():\n    from {second} import thing")))
    types = set(needed_by(ast.parse(f"if TYPE_CHECKING:\n    from {first} import thing")))
    assert (late, types) == ({second}, set())
    assert circle({first: late, second: {first}})


@pytest.mark.parametrize("file", sorted((ROOT / "worker").rglob("*.py")), ids=lambda file: file.name)
def test_the_worker_imports_nothing_of_the_rest(file: Path) -> None:
    assert imports(file) <= {"worker"}


def test_importing_the_package_loads_nothing_of_it() -> None:
    code = "import sys, grader; print(sorted(m for m in sys.modules if m.startswith(('grader.', 'numpy'))))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
