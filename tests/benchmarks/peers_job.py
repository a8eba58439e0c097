"""One job for every autograder: seven functions, twenty hidden checks of one mark each, the same submissions.

Each peer gets the checks in the form that it wants. `make` writes whatever a course of it needs into a folder; `call`
is the command that grades one submission there; `marks` reads how many of the twenty it found right.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
import numpy as np
from nbformat import v4

SUBMISSION = """
import numpy as np


def softmax(x):
    z = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return z / np.sum(z, axis=-1, keepdims=True)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def sigmoid_grad(s):
    return s * (1 - s)


def relu(x):
    return np.maximum(x, 0)


def cross_entropy(y, p):
    return -np.mean(np.sum(y * np.log(p), axis=-1))


def affine(x, W, b):
    return x @ W + b


def squared_error(y, t):
    return np.mean((y - t) ** 2)
"""
#: One place of the submission in another wording, which makes one function wrong.
SLIPS = (
    ("np.sum(z, axis=-1, keepdims=True)", "np.sum(z)"),
    ("1 / (1 + np.exp(-x))", "1 / (1 + np.exp(x))"),
    ("s * (1 - s)", "s * (1 + s)"),
    ("np.maximum(x, 0)", "np.maximum(x, 0.1)"),
    ("-np.mean(np.sum(y * np.log(p), axis=-1))", "-np.sum(y * np.log(p)) * 2"),
    ("-np.mean(np.sum(y * np.log(p), axis=-1))", "np.mean(np.sum(y * np.log(p), axis=-1))"),
    ("x @ W + b", "x @ W"),
    ("x @ W + b", "x @ W - b"),
    ("np.mean((y - t) ** 2)", "np.mean(y - t)"),
    ("np.mean((y - t) ** 2)", "np.sum((y - t) ** 2) / 2"),
    ("np.exp(x - np.max(x, axis=-1, keepdims=True))", "np.exp(-x)"),
    ("return np.maximum(x, 0)", "return x"),
)
SIZES = ((4, 5), (3, 3), (1, 6))
#: For each function what it is given, in a rubric's words, for sizes N and D.
ARGUMENTS = {
    "softmax": {"x": "normal(N, D)"},
    "sigmoid": {"x": "normal(N, D)"},
    "sigmoid_grad": {"s": "uniform(0.1, 0.9, N, D)"},
    "relu": {"x": "normal(N, D)"},
    "cross_entropy": {"y": "one_hot(N, D)", "p": "probabilities(N, D)"},
    "affine": {"x": "normal(N, D)", "W": "normal(D, N)", "b": "normal(N)"},
    "squared_error": {"y": "normal(N, D)", "t": "normal(N, D)"},
}
MARKS = 20


class Check(NamedTuple):
    """One question: a call, and what is right."""

    function: str
    args: tuple[Any, ...]
    want: Any

    def lines(self) -> list[str]:
        """The check as Python, for peers that run tests inside the student's process."""
        args = ", ".join(f"np.array({value.tolist()!r})" for value in self.args)
        want = f"np.array({np.asarray(self.want).tolist()!r})"
        return [f"np.testing.assert_allclose({self.function}({args}), {want}, rtol=1e-5, atol=1e-8)"]


def checks() -> list[Check]:
    """Three for each function, but two for the last."""
    namespace: dict[str, Any] = {}
    exec(SUBMISSION, namespace)
    rng = np.random.default_rng(20150407)
    found = []
    for name in ARGUMENTS:
        for rows, columns in SIZES:
            args = _drawn(name, rows, columns, rng)
            found.append(Check(name, args, namespace[name](*args)))
    return found[:MARKS]


def _drawn(name: str, rows: int, columns: int, rng: np.random.Generator) -> tuple[Any, ...]:
    x = rng.normal(size=(rows, columns))
    if name == "sigmoid_grad":
        return (rng.uniform(0.1, 0.9, size=(rows, columns)),)
    if name == "cross_entropy":
        return np.eye(columns)[rng.integers(columns, size=rows)], rng.dirichlet(
            np.ones(columns), size=rows
        ) * 0.9 + 0.01
    if name == "affine":
        return x, rng.normal(size=(columns, rows)), rng.normal(size=rows)
    return (x, rng.normal(size=(rows, columns))) if name == "squared_error" else (x,)


class Peer(NamedTuple):
    """An autograder, and how it is used."""

    name: str
    requirements: tuple[str, ...]
    make: Callable[[Path, Path], None]  #: (folder of the course, its environment's bin)
    hand_in: Callable[[Path, str, str], Path]  #: (folder, student, source) -> what is graded
    call: Callable[[Path, Path, Path], list[str]]  #: (bin, folder, what is graded)
    marks: Callable[[Path, Path, str], float]  #: (folder, what is graded, what it printed)
    isolates: str  #: what of a submission it keeps from the machine, from the grader, and from other students
    is_whole: bool = False  #: whether one call grades all that its course holds


# -- gradescope-utils ----------------------------------------------------------------------------------------------

_RUN_TESTS = """
import unittest
from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner

with open("results.json", "w") as results:
    JSONTestRunner(visibility="visible", stream=results).run(unittest.defaultTestLoader.discover(".", "test_*.py"))
"""


def _gradescope_files() -> dict[str, str]:
    methods = [
        f"    @weight(1)\n    def test_{number:02}(self):\n        " + "\n        ".join(check.lines()) + "\n"
        for number, check in enumerate(checks())
    ]
    head = "import unittest\nimport numpy as np\nfrom submission import *\n"
    weight = "from gradescope_utils.autograder_utils.decorators import weight\n\n\nclass Test(unittest.TestCase):\n"
    return {"test_hw.py": head + weight + "\n".join(methods), "run_tests.py": _RUN_TESTS}


def _pytest_files() -> dict[str, str]:
    tests = [
        f"def test_{number:02}():\n    " + "\n    ".join(check.lines()) + "\n" for number, check in enumerate(checks())
    ]
    return {"test_hw.py": "import numpy as np\nfrom submission import *\n\n\n" + "\n\n".join(tests)}


def _nothing(folder: Path, bin_: Path) -> None:
    del folder, bin_


def _beside(files: Callable[[], dict[str, str]]) -> Callable[[Path, str, str], Path]:
    """The tests lie beside the submission, in a folder for each student."""

    def hand_in(folder: Path, student: str, source: str) -> Path:
        mine = folder / student
        mine.mkdir()
        for name, text in {**files(), "submission.py": source}.items():
            (mine / name).write_text(text)
        return mine

    return hand_in


GRADESCOPE = Peer(
    "gradescope-utils",
    ("gradescope-utils", "numpy"),
    _nothing,
    _beside(_gradescope_files),
    lambda bin_, folder, mine: [str(bin_ / "python"), "run_tests.py"],
    lambda folder, mine, said: float(json.loads((mine / "results.json").read_text())["score"]),
    "nothing; Gradescope starts a container for each",
)
PYTEST = Peer(
    "pytest",
    ("pytest", "numpy"),
    _nothing,
    _beside(_pytest_files),
    lambda bin_, folder, mine: [str(bin_ / "python"), "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_hw.py"],
    lambda folder, mine, said: float((re.findall(r"(\d+) passed", said) or ["0"])[-1]),
    "nothing",
)

# -- otter-grader --------------------------------------------------------------------------------------------------


def environment(bin_: Path) -> dict[str, str]:
    """What a peer's command needs: both notebook tools call further commands of theirs by name."""
    return {**os.environ, "PATH": f"{bin_}{os.pathsep}{os.environ['PATH']}"}


def _prepare(folder: Path, bin_: Path, command: str, *options: str) -> None:
    call = [str(bin_ / command), *options]
    subprocess.run(call, cwd=folder, env=environment(bin_), check=True, capture_output=True)


def _make_otter(folder: Path, bin_: Path) -> None:
    tests = folder / "tests"
    tests.mkdir()
    for number, check in enumerate(checks()):
        code = "\n".join(f">>> {line}" for line in check.lines())
        case = {"code": code, "hidden": True, "locked": False}
        test = {"name": f"q{number:02}", "points": 1, "suites": [{"type": "doctest", "scored": True, "cases": [case]}]}
        (tests / f"q{number:02}.py").write_text(f"OK_FORMAT = True\n\ntest = {test!r}\n")
    _prepare(folder, bin_, "otter", "generate", "-t", "tests", "-o", "autograder.zip", "--no-environment")


def _hand_in_notebook(folder: Path, student: str, source: str) -> Path:
    mine = folder / student
    mine.mkdir()
    nbformat.write(v4.new_notebook(cells=[v4.new_code_cell(source)], metadata=_KERNEL), mine / "hw.ipynb")
    return mine


_KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}

OTTER = Peer(
    "otter-grader",
    ("otter-grader", "numpy", "ipykernel"),
    _make_otter,
    _hand_in_notebook,
    lambda bin_, folder, mine: [str(bin_ / "otter"), "run", "hw.ipynb", "-a", str(folder / "autograder.zip")],
    lambda folder, mine, said: sum(float(each.get("score", 0)) for each in _results(mine)["tests"]),
    "nothing by `otter run`; `otter grade` starts a container for each",
)


def _results(mine: Path) -> Any:
    return json.loads((mine / "results.json").read_text())


# -- nbgrader ------------------------------------------------------------------------------------------------------


def _cell(source: str, grade_id: str, **more: Any) -> Any:
    facts = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False, **more}
    return v4.new_code_cell(source, metadata={"nbgrader": {**facts, "grade_id": grade_id}})


def _nbgrader_notebook(source: str) -> Any:
    tests = [
        _cell("\n".join(check.lines()), f"t{number:02}", grade=True, locked=True, points=1)
        for number, check in enumerate(checks())
    ]
    return v4.new_notebook(cells=[_cell(source, "solution", solution=True), *tests], metadata=_KERNEL)


def _make_nbgrader(folder: Path, bin_: Path) -> None:
    (folder / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'c'\n")
    source = folder / "source" / "ps1"
    source.mkdir(parents=True)
    stub = "### BEGIN SOLUTION\n" + SUBMISSION + "\n### END SOLUTION"
    nbformat.write(_nbgrader_notebook(stub), source / "ps1.ipynb")
    _prepare(folder, bin_, "nbgrader", "generate_assignment", "ps1")


def _hand_in_nbgrader(folder: Path, student: str, source: str) -> Path:
    mine = folder / "submitted" / student / "ps1"
    mine.mkdir(parents=True)
    nbformat.write(_nbgrader_notebook(source), mine / "ps1.ipynb")
    return folder


def _nbgrader_marks(folder: Path, mine: Path, said: str) -> float:
    with sqlite3.connect(folder / "gradebook.db") as db:
        (total,) = db.execute("SELECT sum(auto_score) / count(DISTINCT notebook_id) FROM grade").fetchone()
    return float(total)


NBGRADER = Peer(
    "nbgrader",
    ("nbgrader", "numpy", "ipykernel"),
    _make_nbgrader,
    _hand_in_nbgrader,
    lambda bin_, folder, mine: [str(bin_ / "nbgrader"), "autograde", "ps1"],
    _nbgrader_marks,
    "nothing",
    is_whole=True,
)

PEERS = (GRADESCOPE, PYTEST, OTTER, NBGRADER)

# -- grade ---------------------------------------------------------------------------------------------------------


def rubric(folder: Path) -> Path:
    """The same job as a rubric, with its reference beside it."""
    (folder / "job").mkdir(parents=True)
    (folder / "job" / "functions.py").write_text(SUBMISSION)
    sizes = "".join(f"  size{place}: {{N: {rows}, D: {columns}}}\n" for place, (rows, columns) in enumerate(SIZES))
    head = f"schema: 1\nassignment: job\nreference: job\npackages: [numpy]\nsizes:\n{sizes}functions:\n"
    left, functions = MARKS, ""
    for name, arguments in ARGUMENTS.items():
        count = min(len(SIZES), left)
        left -= count
        given = ", ".join(f'{each}: "{draw}"' for each, draw in arguments.items())
        lines = [f"- {{value: case {place}, at: [size{place}], points: 1}}" for place in range(count)]
        body = f"points: {count}\npromise: the usual\narguments: {{{given}}}\nchecks:\n" + textwrap.indent(
            "\n".join(lines), "  "
        )
        functions += f"  {name}:\n{textwrap.indent(body, '    ')}\n"
    path = folder / "job.yaml"
    path.write_text(head + functions)
    return path
