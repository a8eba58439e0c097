"""A folder with the files that the pages' examples name."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

from docs.pages import ROOT, files, text_of

SAMPLES = ROOT / "sample_submissions" / "assignment1"
GRADEBOOK = (
    "Student,ID,SIS Login ID,Section,Problem Set 1 (987654)\n    Points Possible,,,,100\n"
    '"Byron, Ada",1,ada,A,\n"Li, Bo",2,bo,A,\n"Twombly, Cy",3,cy,A,\n'
)


def lay_out(desk: Path) -> Path:
    """Write the files below `desk`."""
    shutil.copy(SAMPLES / "right_script" / "submission.py", desk)
    shutil.copy(SAMPLES / "right_notebook" / "submission.ipynb", desk / "homework.ipynb")
    shutil.copy(SAMPLES / "right_zip" / "submission.zip", desk / "hw1.zip")
    rubric = (ROOT / "rubrics" / "assignment1.yaml").read_text()
    (desk / "my_rubric.yaml").write_text(f"{rubric}\n{text_of('late')}")
    for folder in ("sample_submissions/assignment1", "submissions"):
        for student in ("ada", "bo"):
            shutil.copytree(SAMPLES / "right_script", desk / folder / student / "final")
    shutil.make_archive(str(desk / "submissions"), "zip", desk / "submissions")
    for name in ("gradebook.csv", "canvas.csv"):
        (desk / name).write_text(GRADEBOOK)
    return desk


def keep_table(name: str, desk: Path) -> None:
    """Write down a table that a page gives."""
    (desk / name).parent.mkdir(parents=True, exist_ok=True)
    (desk / name).write_text(files("table")[name])


def grades(desk: Path) -> dict[str, dict[str, str]]:
    """The rows of the gradebook by student."""
    text = (desk / "results" / "grades.csv").read_text("utf-8-sig")
    return {row["id"]: row for row in csv.DictReader(io.StringIO(text))}
