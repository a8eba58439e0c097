"""An LMS says everything about itself: a new one is a file and a row, for classes, gradebooks and feedback alike."""

from __future__ import annotations

import ast
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from adding import load
from classroom.classes import RIGHT, WRONG, table, tiny, write
from click.testing import CliRunner, Result

from grader.classroom.layouts.recognise import LAYOUTS
from grader.cli import main

GRADER = Path(__file__).parents[3] / "grader"

#: The one file: everything that the grader has to know of an LMS that it never heard of.
PIGEON = '''
"""Pigeon: `pigeon=<ring>=<file>`."""

import re

from grader.classroom.intake.model import Student, SubmissionCollector, SubmittedFile
from grader.classroom.layouts import FeedbackFiles, Layout
from grader.classroom.layouts.matching import most_match
from grader.classroom.tables.gradebook import Gradebook, columns_called

NAME = re.compile(r"pigeon=(?P<ring>\\w+)=(?P<file>.+)")


def fits(tree):
    return most_match(NAME, (entry.name for entry in tree.entries()))


def read(tree, assignment):
    found = SubmissionCollector()
    for entry in tree.entries():
        match = NAME.fullmatch(entry.name)
        found.add(Student(match["ring"]), SubmittedFile(entry.path, match["file"]))
    return found.listing("Pigeon")


def person(header, row):
    return {"id": row.cells[0].removeprefix("#")} if row.cells[0].startswith("#") else None


def warnings(upload):
    yield "Pigeons fly at dawn."


LAYOUT = Layout(
    fits=fits,
    read=read,
    gradebook=Gradebook(
        fits=lambda table: table.header[0] == "Ring",
        columns=columns_called(frozenset({"grains"})),
        is_read_only=lambda table, at: "pigeons eat here" if table.header[at] == "Crumbs" else "",
        person=person,
        warnings=warnings,
    ),
    feedback=FeedbackFiles(names=NAME, entry=lambda part: f"{part.place}.reply", said="rings: let them fly"),
)
'''
BOOK = "Ring,Grains,Crumbs\nall,0,0\n#ada,,1\n#bo,,2\n"


@pytest.fixture
def pigeon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folders = {name: LAYOUTS[name] for name in ("sections", "folders", "files")}
    for name in folders:
        monkeypatch.delitem(LAYOUTS, name)
    # The one line, before the layouts that fit anything.
    monkeypatch.setitem(LAYOUTS, "pigeon", load(tmp_path, "pigeon", PIGEON).LAYOUT)
    for name, layout in folders.items():
        monkeypatch.setitem(LAYOUTS, name, layout)


def grade(*words: object) -> Result:
    return CliRunner().invoke(main, list(map(str, words)))


def batch(tmp_path: Path, *options: object) -> Result:
    folder = write(tmp_path / "class", {"pigeon=ada=hw1.py": RIGHT, "pigeon=bo=hw1.py": WRONG})
    rubric = tiny(tmp_path / "assignment")
    return grade("batch", folder, "-o", tmp_path / "out", "--rubric", rubric, "--jobs", 1, *options)


@pytest.mark.usefixtures("pigeon")
def test_the_help_and_a_wrong_word_name_a_new_lms() -> None:
    assert "canvas|blackboard|" in "".join(grade("batch", "--help").output.split())
    assert "|github|google|pigeon|" in "".join(grade("batch", "--help").output.split())
    assert "'pigeon'" in grade("batch", "class", "-o", "out", "--layout", "dove").output


@pytest.mark.usefixtures("pigeon")
@pytest.mark.parametrize("options", [(), ("--layout", "pigeon")])
def test_a_class_of_a_new_lms_is_recognised_and_graded(tmp_path: Path, options: tuple[str, ...]) -> None:
    result = batch(tmp_path, *options)
    assert result.exit_code == 0, result.output
    assert {name: row["score"] for name, row in table(tmp_path / "out").items()} == {"ada": "10", "bo": "4"}


@pytest.mark.usefixtures("pigeon")
def test_grades_and_reports_go_back_to_a_new_lms_in_its_own_form(tmp_path: Path) -> None:
    batch(tmp_path)
    (tmp_path / "book.csv").write_text(BOOK)
    filled = ("--gradebook", tmp_path / "book.csv", "-o", tmp_path / "filled.csv")
    result = grade("publish", tmp_path / "out", *filled)
    assert result.exit_code == 0, result.output
    assert (tmp_path / "filled.csv").read_text() == "Ring,Grains,Crumbs\nall,0,0\n#ada,10,1\n#bo,4,2\n"
    assert "Pigeons fly at dawn." in result.output
    assert "rings: let them fly" in result.output
    with zipfile.ZipFile(tmp_path / "out" / "feedback" / "feedback.zip") as archive:
        replies = [name for name in archive.namelist() if name.endswith(".reply")]
    assert replies == ["pigeon=ada=hw1.py.reply", "pigeon=bo=hw1.py.reply"]
    refused = grade("publish", tmp_path / "out", *filled, "--column", "Crumbs")
    assert "pigeons eat here" in refused.output


def test_without_the_row_the_lms_is_unknown(tmp_path: Path) -> None:
    assert "'pigeon' is not one of" in batch(tmp_path, "--layout", "pigeon").output


def test_the_list_of_commands_loads_no_layout() -> None:
    code = (
        "import sys, click.testing, grader.cli as c; click.testing.CliRunner().invoke(c.main, ['--help']);"
        "print([m for m in sys.modules if m.startswith('grader.classroom.layouts')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def words_of_lms(tree: ast.Module) -> set[str]:
    """The names of layouts that a module compares with something."""
    compared = [node for node in ast.walk(tree) if isinstance(node, ast.Compare)]
    found = {n.value for c in compared for n in ast.walk(c) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    return found & (LAYOUTS.keys() - {"files", "folders", "sections"})


@pytest.mark.parametrize("file", sorted(GRADER.rglob("*.py")), ids=lambda file: str(file.relative_to(GRADER)))
def test_nothing_compares_an_lms_by_its_word(file: Path) -> None:
    assert words_of_lms(ast.parse(file.read_text())) == set()


def test_the_search_for_compared_words_finds_them() -> None:
    assert words_of_lms(ast.parse("kind == 'canvas' or kind in ('moodle', 'x')")) == {"canvas", "moodle"}
