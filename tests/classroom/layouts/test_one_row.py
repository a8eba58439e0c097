"""One more way in which submissions come is one file and one row: `--layout` offers it, and a batch reads it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from classroom.classes import RIGHT, table, tiny, write

#: The one file: an LMS that nobody has heard of.
FILE = """
from grader.classroom.intake.model import ClassListing, Student, SubmissionCollector, SubmittedFile

TITLE = "Lyceum download"

def fits(tree):
    return all(entry.name.startswith("lyceum=") for entry in tree.entries())

def read(tree, assignment):
    found = SubmissionCollector()
    for entry in tree.entries():
        _, student, file = entry.name.split("=")
        found.add(Student(student), SubmittedFile(entry.path, file))
    return found.listing(TITLE)
"""
#: And the one row.
RUN = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location("grader.classroom.layouts.lyceum", sys.argv.pop(1))
module = importlib.util.module_from_spec(spec)
sys.modules[spec.name] = module
spec.loader.exec_module(module)
import grader.classroom.layouts
table = grader.classroom.layouts.LAYOUT_MODULES
table |= {"lyceum": "lyceum", **{name: table.pop(name) for name in list(table)}}
from grader.cli import main
main()
"""


def grade(tmp_path: Path, *words: object) -> str:
    (tmp_path / "lyceum.py").write_text(FILE)
    command = [sys.executable, "-c", RUN, str(tmp_path / "lyceum.py"), *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    return done.stdout + done.stderr


def test_a_layout_of_one_file_and_one_row_is_offered_recognised_and_graded(tmp_path: Path) -> None:
    assert "lyceum" in grade(tmp_path, "batch", "--help")
    folder = write(tmp_path / "class", {"lyceum=ada=hw1.py": RIGHT, "lyceum=bo=hw1.py": RIGHT})
    said = grade(tmp_path, "batch", folder, "-o", tmp_path / "out", "--rubric", tiny(tmp_path / "course"), "--jobs", 1)
    assert "Lyceum download, 2 submissions" in said
    rows = table(tmp_path / "out")
    assert {student: row["score"] for student, row in rows.items()} == {"ada": "10", "bo": "10"}
