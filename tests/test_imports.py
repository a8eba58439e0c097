"""Imports point one way, down the floors of the house and in no circle, and importing the package costs nothing."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "grader"

#: Lowest first. A module may import from its own floor or a lower one.
HOUSE = (
    ("errors", "version", "verdict", "limits", "options", "numeric", "worker"),
    ("submission",),
    ("config", "files", "rubric", "reference", "sandbox", "upload", "extraction"),
    ("inputs",),
    ("checks",),
    ("plan",),
    ("grading",),
    ("feedback", "report"),
    ("pipeline",),
    ("classroom",),
    ("authoring",),
    ("single", "cli", "__main__"),
)
#: The same within the class, and for the one module that stands beside its folders.
CLASSROOM = (
    ("intake", "tables"),
    ("store", "layouts"),
    ("decisions", "workers"),
    ("outputs",),
    ("review",),
    ("publish",),
    ("privacy",),
    ("stages",),
    ("run",),
    ("commands",),
)
#: What must never be, whatever the floors allow: who may not import what, and why.
WALLS = {
    "who runs code knows no answer": ("sandbox", ("rubric", "reference", "plan", "checks", "grading")),
    "kinds of checks are handed to the reader": ("rubric", ("checks",)),
}
#: All that may look at more of the worker than what both sides of the wall share.
LOOKS_INTO_THE_WORKER = ("sandbox", "worker")

FILES = sorted(file for file in ROOT.rglob("*.py") if file != ROOT / "__init__.py")


def module_of(file: Path) -> str:
    return ".".join(("grader", *file.relative_to(ROOT).with_suffix("").parts)).removesuffix(".__init__")


MODULES = {module_of(file): file for file in FILES}


def needed_by(node: ast.AST, package: str = "grader", types: bool = False) -> Iterator[str]:
    """The modules that code imports when it runs, in functions too; with `types` those that only types need, too."""
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING" and not types:
        return
    if isinstance(node, ast.ImportFrom):
        yield from {name for name in imported_from(node, package) if name in MODULES}
    elif isinstance(node, ast.Import):
        yield from {alias.name for alias in node.names} & MODULES.keys()
    for child in ast.iter_child_nodes(node):
        yield from needed_by(child, package, types)


def imported_from(node: ast.ImportFrom, package: str) -> set[str]:
    """The modules that a statement names: those that it takes names out of, or takes whole."""
    above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
    module = ".".join([*above, *([node.module] if node.module else [])])
    inner = {f"{module}.{alias.name}" for alias in node.names}
    return {name if name in MODULES else module for name in inner}


@cache
def imports(file: Path, types: bool = False) -> frozenset[str]:
    """The modules of the house that a file imports, wherever in it."""
    name = module_of(file)
    package = name if file.name == "__init__.py" else name.rpartition(".")[0]
    return frozenset(needed_by(ast.parse(file.read_text()), package, types)) - {name}


def floor_of(house: tuple[tuple[str, ...], ...], name: str) -> int:
    return next(i for i, floor in enumerate(house) if name in floor)


def upward(house: tuple[tuple[str, ...], ...], here: str, needed: set[str]) -> list[str]:
    """The names among those needed that lie above the one that needs them."""
    return sorted(name for name in needed if floor_of(house, name) > floor_of(house, here))


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_imports_point_down_the_floors(file: Path) -> None:
    here = module_of(file).split(".")[1]
    assert not upward(HOUSE, here, {name.split(".")[1] for name in imports(file, True) if name != "grader"})


@pytest.mark.parametrize(
    "file",
    [file for file in FILES if file.relative_to(ROOT).parts[0] == "classroom"],
    ids=lambda file: str(file.relative_to(ROOT)),
)
def test_within_the_class_imports_point_down_too(file: Path) -> None:
    here = module_of(file).split(".")[2:3]
    needed = {name.split(".")[2] for name in imports(file) if name.startswith("grader.classroom.")}
    assert not here or not upward(CLASSROOM, here[0], needed)


@pytest.mark.parametrize("why", WALLS)
def test_a_wall_holds(why: str) -> None:
    room, forbidden = WALLS[why]
    found = {
        f"{module_of(file)} imports {name}"
        for file in FILES
        if module_of(file).split(".")[1] == room
        for name in imports(file, True)
        if name.split(".")[1] in forbidden
    }
    assert not found, why


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_only_the_sandbox_looks_into_the_worker(file: Path) -> None:
    inner = {name for name in imports(file, True) if name.startswith("grader.worker.")}
    beyond = {name for name in inner if not name.startswith("grader.worker.shared")}
    assert not beyond or module_of(file).split(".")[1] in LOOKS_INTO_THE_WORKER


@pytest.mark.parametrize("file", sorted((ROOT / "worker").rglob("*.py")), ids=lambda file: file.name)
def test_the_worker_imports_nothing_of_the_rest(file: Path) -> None:
    assert {name.split(".")[1] for name in imports(file, True)} <= {"worker"}


#: What runs beside a stranger's code may need, of the house, only this; and of the rest the standard library.
BESIDE_THE_CODE = {
    "worker": {"worker"},
    "submission": {"submission", "worker"},
    "extraction": {"extraction", "submission", "worker"},
}


@pytest.mark.parametrize("room", BESIDE_THE_CODE)
def test_what_goes_into_the_jail_needs_nothing_of_the_rest(room: str) -> None:
    needed = {name.split(".")[1] for file in (ROOT / room).rglob("*.py") for name in imports(file, True)}
    assert needed <= BESIDE_THE_CODE[room]


#: Of what reads a submission, all that anybody outside of the jail may import: records, names, walks through folders.
KNOWN_OUTSIDE = {
    f"grader.{name}"
    for name in (
        "extraction.model",
        "extraction.repairs.model",
        "extraction.changes.model",
        "extraction.flows.model",
        *(f"submission.{m}" for m in ("classes", "collecting", "folders")),
    )
}
#: `SourceFile`, as a child tells it.
ALSO_KNOWN = {"grader.submission.reading": {"grading", "classroom"}}


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_nothing_outside_of_the_jail_unpacks_decodes_or_slices_a_submission(file: Path) -> None:
    room = module_of(file).split(".")[1]
    needed = {name for name in imports(file, True) if name.split(".")[1] in ("submission", "extraction")}
    allowed = KNOWN_OUTSIDE | {name for name, rooms in ALSO_KNOWN.items() if room in rooms}
    assert room in BESIDE_THE_CODE or needed <= allowed


def absolute_imports(file: Path) -> set[str]:
    """The top-level packages that a file imports by their full names, wherever in it."""
    nodes = list(ast.walk(ast.parse(file.read_text())))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return {
        name.partition(".")[0]
        for name in plain | {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
    }


#: numpy is what a submission's process is warm with; 2to3's heir is asked for by an instructor, and imported late.
MAY_NEED = {"worker": {"numpy"}, "submission": {"nbformat"}, "extraction": {"fissix"}}


@pytest.mark.parametrize("room", BESIDE_THE_CODE)
def test_what_goes_into_the_jail_imports_relatively_and_from_the_standard_library(room: str) -> None:
    """Its package has another name in there, and no other part of the house."""
    found = {name for file in (ROOT / room).rglob("*.py") for name in absolute_imports(file)}
    assert found - sys.stdlib_module_names <= MAY_NEED[room]


SQL = re.compile(r"^\s*(SELECT|INSERT|UPDATE|DELETE)\b")


def test_only_the_store_speaks_sql() -> None:
    speaking = {
        module_of(file)
        for file in FILES
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.search(node.value)
    }
    assert {name.rpartition(".")[0] for name in speaking} == {"grader.classroom.store"}


def circle(graph: dict[str, set[str]]) -> list[str]:
    """Modules that need each other in a circle; empty where there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found
    return []


def test_no_modules_need_each_other_in_a_circle() -> None:
    assert not circle({name: set(imports(file)) for name, file in MODULES.items()})


def rooms(depth: int, below: str) -> dict[str, set[str]]:
    """The names at one depth below a package, and which of them each one imports."""
    graph: dict[str, set[str]] = {}
    for name, file in MODULES.items():
        if name.startswith(below) and len(name.split(".")) > depth:
            here = name.split(".")[depth]
            needed = {n.split(".")[depth] for n in imports(file) if n.startswith(below) and len(n.split(".")) > depth}
            graph.setdefault(here, set()).update(needed - {here})
    return graph


def longest_chain(graph: dict[str, set[str]]) -> int:
    """How many names follow one another in the longest chain of imports."""
    lengths: dict[str, int] = {}
    for name in TopologicalSorter(graph).static_order():
        lengths[name] = 1 + max((lengths[needed] for needed in graph.get(name, ())), default=0)
    return max(lengths.values())


def test_the_house_has_at_most_ten_floors_and_no_circle_of_rooms() -> None:
    assert longest_chain({k: v - {"cli", "__main__"} for k, v in rooms(1, "grader.").items()}) <= 10
    assert longest_chain(rooms(2, "grader.classroom.")) <= 10


def test_no_folder_holds_more_than_sixteen_modules() -> None:
    """More than that, and nobody finds a thing by its name."""
    tests = ROOT.parent / "tests"
    crowded = {
        str(folder): len(modules)
        for top in (ROOT, tests)
        for folder in (top, *(path for path in top.rglob("*") if path.is_dir()))
        if len(modules := [file for file in folder.glob("*.py") if file.name != "__init__.py"]) > 16
        and not {"planted", "catalogue", "forgery"} & set(folder.parts)  # evidence, a file for each case
    }
    assert not crowded


def test_the_front_hall_has_at_most_twelve_modules_and_fifteen_rooms() -> None:
    folders = [path for path in ROOT.iterdir() if (path / "__init__.py").is_file()]
    assert (len(list(ROOT.glob("[!_]*.py"))) <= 12, len(folders) <= 15) == (True, True)


def test_the_search_for_circles_finds_late_ones_and_passes_over_types() -> None:
    first, second = sorted(MODULES)[:2]
    late = set(needed_by(ast.parse(f"def f():\n    from {second} import thing")))
    types = set(needed_by(ast.parse(f"if TYPE_CHECKING:\n    from {first} import thing")))
    assert (late, types) == ({second}, set())
    assert circle({first: late, second: {first}})


def test_a_relative_import_is_seen_for_what_it_names() -> None:
    found = set(needed_by(ast.parse("from .shared import steps\nfrom ..errors import Flaw"), "grader.worker"))
    assert found == {"grader.worker.shared.steps", "grader.errors"}


def test_importing_the_package_loads_nothing_of_it() -> None:
    code = "import sys, grader; print(sorted(m for m in sys.modules if m.startswith(('grader.', 'numpy'))))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
