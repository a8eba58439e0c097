"""Classes to grade: folders as LMSs make them, and a small assignment that is graded in a few milliseconds."""

from __future__ import annotations

import csv
import html
import io
import re
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from click.testing import CliRunner

from grader.classroom.run import grade_class
from grader.classroom.stages.order import ClassOrder
from grader.classroom.stages.summary import Summary
from grader.cli import main

RIGHT = """
import numpy as np

def double(x):
    return 2 * x

def negate(x):
    return -x
"""
WRONG = RIGHT.replace("2 * x", "3 * x")
HANGS = RIGHT.replace("return 2 * x", "\n    while True:\n        pass")
DIES = RIGHT.replace("return 2 * x", "\n    import os\n    os._exit(0)")
BROKEN = "def double(x:\n    return 2 * x\n"

RUBRIC = """
schema: 1
assignment: "Tiny: two functions"
reference: tiny
packages: [numpy]
limits: {call: 300 ms, submission: 3 s, memory: 1 GiB, output: 64 KiB}
sizes: {some: {N: 3}}
functions:
  double:
    points: 6
    promise: "Twice x, entry by entry."
    arguments: {x: "normal(N)"}
    checks:
      - {value: an array, points: 4}
      - {value: an array that you see, points: 2, visibility: public}
  negate:
    points: 4
    promise: "The negative of x."
    arguments: {x: "normal(N)"}
    checks:
      - {value: an array, points: 4}
"""
#: With something that a person gives points for.
WITH_MANUAL = f"""{RUBRIC}
manual:
  the derivation:
    points: 5
    promise: "The derivative of twice x, on paper."
    levels: {{complete: 5, begun: "5/2", nothing: 0}}
    attachment: ["*.pdf", "# Derivation"]
  a plot:
    points: 1
"""
REFERENCE = """
def double(x):
    return 2 * x


def negate(x):
    return -x
"""


def tiny(folder: Path, rubric: str = RUBRIC) -> Path:
    """The rubric of the small assignment, with its reference beside it."""
    (folder / "tiny").mkdir(parents=True)
    (folder / "tiny" / "functions.py").write_text(REFERENCE)
    (folder / "tiny.yaml").write_text(rubric)
    return folder / "tiny.yaml"


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files below a folder, and give it back."""
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def zipped(path: Path, files: Mapping[str, str | bytes]) -> Path:
    """A zip of these files."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def students(count: int, *sources: str) -> dict[str, str]:
    """So many files, one per student, all different."""
    return {f"s{number:03}.py": f"{sources[number % len(sources)]}\n# {number}\n" for number in range(count)}


def graded(folder: Path, out: Path, rubric: Path, **options: Any) -> Summary:
    """Grade a class with one worker: most claims need no more, and starting one takes longer than grading."""
    return grade_class(ClassOrder(folder, out, str(rubric), **{"jobs": 1, **options}))


def command(folder: Path, out: Path, *options: object) -> list[str]:
    """`grade batch` as somebody would call it."""
    return [sys.executable, "-c", _MAIN, "batch", str(folder), "-o", str(out), "--jobs", "2", *map(str, options)]


_MAIN = "from grader.cli import main; main()"


class Ran(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


def run(folder: Path, out: Path, *options: object, **how: Any) -> Ran:
    """Run `grade batch` to its end."""
    call = command(folder, out, *options)
    done = subprocess.run(call, capture_output=True, text=True, timeout=120, check=False, **how)
    return Ran(done.returncode, done.stdout, done.stderr)


def run_here(folder: Path, out: Path, *options: object) -> Ran:
    """`grade batch` in this process: what it says is the same, and nothing is started."""
    done = CliRunner().invoke(main, ["batch", str(folder), "-o", str(out), "--jobs", "2", *map(str, options)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Ran(done.exit_code, done.stdout, done.stderr)


def on_demand(out: Path, student: str) -> str:
    """The instructor's Markdown about a student, which is made when somebody asks for it."""
    done = CliRunner().invoke(main, ["student", str(out), student, "--page"])
    assert done.exit_code == 0, done.output
    return (out / "private" / "reports" / f"{student}.md").read_text()


def table(out: Path) -> dict[str, dict[str, str]]:
    """The rows of grades.csv, by id."""
    return {row["id"]: row for row in csv.DictReader(io.StringIO((out / "grades.csv").read_text("utf-8-sig")))}


def class_page(out: Path) -> str:
    """The page of the class as text, without its tags."""
    page = (out / "private" / "index.html").read_text(encoding="utf-8")
    return html.unescape(" ".join(re.sub(r"<[^>]*>", "", page.partition("<main>")[2]).split()))


def student_report(out: Path, student: str, suffix: str = "json") -> str:
    """What a student was given; what they would be, where nothing is published of them."""
    name = f"{student}.{suffix}"
    given = out / "feedback" / name
    return (given if given.exists() else out / "private" / "preview" / name).read_text()


def kept(out: Path) -> int:
    """How many results and reports the store of a running class holds."""
    path = out / "private" / "grades.db"
    if not path.exists():
        return -1
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
            query = "SELECT (SELECT count(*) FROM result) + (SELECT count(*) FROM report)"
            count: int = db.execute(query).fetchone()[0]
            return count
    except sqlite3.OperationalError:  # the tables aren't there yet
        return -1
