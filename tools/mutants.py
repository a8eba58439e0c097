"""Draw small changes of the rooms that grade, and see whether a test falls over each: `python tools/mutants.py`.

The changes are those of cosmic-ray's operators, as `grade audit` makes them of a reference. The tests run once, to see
which of them reach which line. Then each change is tried in a copy of the project with the tests that reach it, the
quickest first; the first failure ends it. What lives is printed as a diff: it means nothing, or a test is missing.
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
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from xml.etree import ElementTree

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import MutationVisitor
from cosmic_ray.operators.provider import OperatorProvider
from coverage import CoverageData

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("checks", "feedback", "grading", "numeric")
#: Of these tests those are asked that reach a change.
TESTS = (
    *(f"tests/{room}" for room in (*ROOMS, "rubric", "authoring", "report", "reference", "assignments")),
    *("tests/classroom/review", "tests/attacks/test_forgery.py", "tests/attacks/test_farm.py"),
)
#: Seconds of tests for one change, as they took without any: what lives through them is looked at by a person.
ENOUGH = 60.0
#: Seconds after which a change is found out for never ending.
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
    lines: frozenset[int]  #: of the module as it is, that the change touches


class Reach(NamedTuple):
    """Which tests reach which lines, and how long they take."""

    by_line: dict[tuple[str, int], frozenset[str]]  #: file and line -> tests
    seconds: dict[str, float]

    def tests_of(self, mutant: Mutant) -> list[str]:
        """The tests that reach a change, the quickest first, until that is enough."""
        names = {name for line in mutant.lines for name in self.by_line.get((str(mutant.file), line), ())}
        chosen, left = [], ENOUGH
        for name in sorted(names, key=lambda each: (self.seconds.get(each, 0.0), each)):
            left -= self.seconds.get(name, 0.0)
            if left >= 0:
                chosen.append(name)
        return chosen


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
    moved = difflib.SequenceMatcher(None, old_lines, lines, autojunk=False).get_opcodes()
    touched = {
        line for how, first, last, *_ in moved if how != "equal" for line in range(first + 1, max(last, first + 1) + 1)
    }
    return Mutant(place.file, "\n".join(lines), "\n".join(diff), frozenset(touched))


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


def measured(project: Path) -> Reach:
    """Run all tests once. One that fails without any change, as on a busy machine, can't tell anything."""
    data, times, settings = (project / name for name in ("reach.db", "times.xml", "reach.ini"))
    settings.write_text(f"[run]\nsource = grader\ndynamic_context = test_function\ndata_file = {data}\n")
    run = [sys.executable, "-m", "coverage", "run", f"--rcfile={settings}", "-m", "pytest", "-q", "--tb=short"]
    xml = ["-o", "junit_family=xunit1", f"--junitxml={times}"]
    subprocess.run([*run, *xml, *TESTS], cwd=project, env=_environment(project), text=True, check=False)
    cases = list(ElementTree.parse(times).iter("testcase"))
    failed = {_name(case) for case in cases if case.find("failure") is not None or case.find("error") is not None}
    print("".join(f"fails without any change, and isn't asked: {name}\n" for name in sorted(failed)), flush=True)
    return Reach(_reached(data, project, failed), _seconds(cases))


def _reached(data: Path, project: Path, failed: Collection[str]) -> dict[tuple[str, int], frozenset[str]]:
    found = CoverageData(str(data))
    found.read()
    return {
        (str(Path(file).relative_to(project)), line): frozenset(_test(name) for name in contexts if name) - set(failed)
        for file in found.measured_files()
        for line, contexts in found.contexts_by_lineno(file).items()
    }


def _test(context: str) -> str:
    """What pytest calls the test function that coverage knows as `tests.grading.test_score.test_name`."""
    module, _, name = context.rpartition(".")
    return f"{module.replace('.', '/')}.py::{name}"


def _name(case: ElementTree.Element) -> str:
    """Of the test function, without its parameters."""
    return f"{case.get('file')}::{(case.get('name') or '').partition('[')[0]}"


def _seconds(cases: Iterable[ElementTree.Element]) -> dict[str, float]:
    """Of each test function, with all of its parameters."""
    found: dict[str, float] = {}
    for case in cases:
        found[_name(case)] = found.get(_name(case), 0.0) + float(case.get("time") or 0.0)
    return found


def living(mutants: Sequence[Mutant], project: Path, reach: Reach) -> Iterator[Mutant]:
    """Those that no test fell over."""
    for number, mutant in enumerate(mutants):
        tests = reach.tests_of(mutant)
        killed_by = tried(mutant, tests, project) if tests else ""
        print(f"{number:3} {mutant.file}: {killed_by or f'lives through {len(tests)} tests'}", flush=True)
        if not killed_by:
            yield mutant


def failure(tests: Sequence[str], project: Path) -> str:
    """The first test that fails; empty where all pass."""
    call: list[Any] = [sys.executable, "-m", "pytest", "-q", "-x", "--tb=no", *tests]
    try:
        done = subprocess.run(
            call, cwd=project, env=_environment(project), capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        return "it never ends"
    failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return failed[0].split(" ")[1] if failed else "" if done.returncode == 0 else "it doesn't start"


def _environment(project: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(project), "PYTHONDONTWRITEBYTECODE": "1"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=20150407)
    wanted = parser.parse_args()
    with TemporaryDirectory() as folder:
        project = copied(Path(folder))
        lives = list(living(drawn(wanted.count, wanted.seed), project, measured(project)))
        print(f"{len(lives)} of {wanted.count} live")
        for mutant in lives:
            print(mutant.diff)


if __name__ == "__main__":
    main()
