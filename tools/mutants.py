"""Draw small changes of the rooms that grade, and see whether a test falls over each: `python tools/mutants.py`.

The changes are those of cosmic-ray's operators, as `grade audit` makes them of a reference. A change is tried in a copy
of the project, first with the tests of its own room, then with those of the others; the first failure ends it. What
lives is printed as a diff: it means nothing, or a test is missing. It takes an hour or two.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import MutationVisitor
from cosmic_ray.operators.provider import OperatorProvider

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("checks", "feedback", "grading", "numeric")
#: What is tried after the tests of a room, until one fails.
STAGES: tuple[tuple[str, ...], ...] = (
    ("tests/grading", "tests/checks", "tests/rubric/test_language.py"),
    ("tests/assignments/test_samples.py", "tests/assignments/test_cs224n.py"),
    ("tests/numeric", "tests/feedback", "tests/authoring", "tests/report"),
    ("tests/assignments", "tests/reference", "tests/classroom/review", "tests/attacks/test_forgery.py"),
)
#: Seconds after which a change is found out for never ending: the longest stage takes a minute.
PATIENCE = 600


class Place(NamedTuple):
    """Where an operator could change something."""

    file: Path
    first: int  #: lines of the function or class, counted from 0
    last: int
    operator: str
    occurrence: int


class Mutant(NamedTuple):
    """A module with one change."""

    file: Path
    text: str
    diff: str


def places() -> Iterator[Place]:
    """Every place of the rooms, in a fixed order."""
    provider = OperatorProvider()
    operators = {name: provider[name]() for name in sorted(provider) if not name.startswith("Variable")}
    for room in ROOMS:
        for file in sorted((ROOT / "grader" / room).glob("*.py")):
            for first, last in definitions(file.read_text(encoding="utf-8")):
                nodes = list(ast_nodes(get_ast(part(file, first, last))))
                for name, operator in operators.items():
                    count = sum(1 for node in nodes for _ in operator.mutation_positions(node))
                    yield from (Place(file.relative_to(ROOT), first, last, name, at) for at in range(count))


def definitions(text: str) -> Iterator[tuple[int, int]]:
    """First and last line of each function and class at module level."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.lineno - 1, node.end_lineno or node.lineno


def part(file: Path, first: int, last: int) -> str:
    """Lines of a file."""
    return "\n".join(file.read_text(encoding="utf-8").split("\n")[first:last])


def changed(place: Place) -> Mutant | None:
    """The module with this change; None where that is the same program, or none."""
    file = ROOT / place.file
    own = part(file, place.first, place.last)
    visitor = MutationVisitor(place.occurrence, OperatorProvider()[place.operator]())
    new = visitor.walk(get_ast(own)).get_code()
    if meaning(new) in (meaning(own), None):
        return None
    old_lines = file.read_text(encoding="utf-8").split("\n")
    lines = [*old_lines[: place.first], *new.split("\n"), *old_lines[place.last :]]
    diff = difflib.unified_diff(old_lines, lines, str(place.file), place.operator, lineterm="", n=1)
    return Mutant(place.file, "\n".join(lines), "\n".join(diff))


def meaning(text: str) -> str | None:
    """The code without what doesn't run: annotations and docstrings. None where it is no code."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        elif isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(None)
    return ast.dump(tree)


def drawn(count: int, seed: int) -> list[Mutant]:
    """So many different changes, the same for a seed as long as the rooms stay the same."""
    found: dict[str, Mutant] = {}
    everywhere = list(places())
    random.Random(seed).shuffle(everywhere)
    for place in everywhere:
        mutant = changed(place)
        if mutant is not None:
            found.setdefault(mutant.text, mutant)
        if len(found) == count:
            break
    return list(found.values())


def copied(folder: Path) -> Path:
    """The project, without what was built of it."""
    unwanted = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info")
    return Path(shutil.copytree(ROOT, folder / "project", ignore=unwanted))


def tried(mutant: Mutant, tests: Sequence[str], project: Path) -> str:
    """Put the change into the copy, run these tests, and take it out again; gives what failed."""
    file = project / mutant.file
    before = file.read_text(encoding="utf-8")
    file.write_text(mutant.text, encoding="utf-8")
    try:
        return failure(tests, project)
    finally:
        file.write_text(before, encoding="utf-8")


def living(mutants: Mapping[int, Mutant], project: Path) -> dict[int, Mutant]:
    """Those that no test fell over. The quickest tests first for all of them, so that most is known soon."""
    left = dict(mutants)
    for depth in range(len(STAGES) + 1):
        for number, mutant in list(left.items()):
            tests = STAGES[depth - 1] if depth else (f"tests/{mutant.file.parts[1]}",)
            killed_by = tried(mutant, tests, project)
            print(f"{number:3} {mutant.file}: {killed_by or 'lives so far'}", flush=True)
            if killed_by:
                del left[number]
        print(f"{len(left)} of {len(mutants)} live after stage {depth + 1} of {len(STAGES) + 1}", flush=True)
    return left


def failure(tests: Sequence[str], project: Path) -> str:
    """The first test that fails; empty where all pass."""
    call: list[Any] = [sys.executable, "-m", "pytest", "-q", "-x", "--tb=no", *tests]
    environment = {**os.environ, "PYTHONPATH": str(project), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            call, cwd=project, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        return "it never ends"
    failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return failed[0].split(" ")[1] if failed else "" if done.returncode == 0 else "it doesn't start"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=20150407)
    wanted = parser.parse_args()
    with TemporaryDirectory() as folder:
        project = copied(Path(folder))
        if broken := failure(("tests/numeric",), project):
            sys.exit(f"without any change {broken} fails")
        for mutant in living(dict(enumerate(drawn(wanted.count, wanted.seed))), project).values():
            print(mutant.diff)


if __name__ == "__main__":
    main()
