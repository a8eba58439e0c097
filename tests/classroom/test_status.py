"""What is left to do is said in order, each with the command that does it; one student is one command."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from classroom.classes import RIGHT, WITH_MANUAL, WRONG, graded, table, tiny, write
from click.testing import CliRunner, Result

from grader.classroom.store.encoding import encode_grade
from grader.classroom.workers import grader as working
from grader.cli import main
from grader.errors import HarnessError
from grader.grading.grades import Grade
from grader.verdict import Verdict

pytestmark = pytest.mark.usefixtures("nearby")

GOOD = {"ada.py": RIGHT, "bo.py": WRONG, "cy.py": WRONG + "# cy"}


def grade(*args: object, code: int = 0, says: str = "") -> str:
    done: Result = CliRunner().invoke(main, [str(each) for each in args], input=says)
    assert done.exit_code == code, done.output
    return done.output


@pytest.fixture
def out(tmp_path: Path) -> Path:
    graded(write(tmp_path / "class", GOOD), tmp_path / "out", tiny(tmp_path / "assignment"))
    return tmp_path / "out"


def tasks(out: Path) -> list[tuple[str, str]]:
    """What is left, each with what does it."""
    lines = grade("status", out).splitlines()
    if lines[0] != "left to do:":
        return []
    return [(what.split(". ", 1)[1], do.strip()) for what, do in zip(lines[1::2], lines[2::2], strict=True)]


# -- what is left --------------------------------------------------------------------------------------------------


def test_what_is_left_is_said_in_order_until_nothing_is(out: Path) -> None:
    assert tasks(out) == [
        ("1 group of wrong answers that no known mistake explains", f"grade groups {out}"),
        ("3 new: not published", f"grade publish {out}"),
    ]
    grade("publish", out)
    write(out.parent / "class", {"bo.py": RIGHT, "cy.py": RIGHT})
    said = grade("batch", out.parent / "class", "-o", out, "-q", "-j", "1")
    assert said.endswith(f"left to do:\n  1. 2 changed: not published\n     grade publish {out} --reason TEXT\n"), said
    grade("publish", out, "--reason", "Two handed in again.")
    assert grade("status", out) == "nothing is left to do: all is graded and published\n"


def test_everything_that_can_be_left_comes_in_its_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out, rubric = tmp_path / "out", tiny(tmp_path / "assignment", WITH_MANUAL)
    write(tmp_path / "class", {**GOOD, "di.zip": b"PK no zip", "ed.py": "def double(x):\n    return 2 * x\n"})

    def fail(found: Grade) -> bytes:
        if any(each.verdict is Verdict.MISSING for each in found.functions):
            raise HarnessError("we failed")
        return encode_grade(found)

    monkeypatch.setattr(working, "encode_grade", fail)
    graded(tmp_path / "class", out, rubric)
    grade("marking", out, "--graders", "ann,bo")
    rows = "student,item,points\nada,a plot,1\n"
    write(out / "decisions" / "points", {"ann.csv": rows, "bo.csv": rows.replace(",1\n", ",0\n")})
    found = [what for what, _ in tasks(out)]
    assert [each.split(" ", 1)[1] for each in found] == [
        "not graded, through no fault of theirs",
        "can't be read, so a person has to decide",
        "group of wrong answers that no known mistake explains",
        "still need marking by hand",
        "disagree once: say what counts",
    ]


# -- one student ---------------------------------------------------------------------------------------------------


def test_one_command_shows_everything_on_a_student(out: Path) -> None:
    write(
        out / "decisions",
        {"overrides.csv": "student,function,points,public comment,who\nbo,double,3,A good idea.,ann\n"},
    )
    grade("batch", out.parent / "class", "-o", out, "-j", "1")
    grade("publish", out)
    said = grade("student", out, "bo")
    for each in ("handed in: bo.py", "graded, 7 of 10 points", "double: 3 of 6", "A good idea", "(ann)", "release 1"):
        assert each in said
    assert "the grader found 4" in said
    assert "the same files as" not in said
    assert "ada" not in said


def test_a_student_is_erased_only_after_a_yes_and_what_goes_is_listed_first(out: Path) -> None:
    said = grade("student", out, "bo", "--erase", says="n\n", code=1)
    assert str(out / "private" / "reports" / "bo.json") in said
    assert "nothing was changed" in said
    grade("student", out, "bo", "--erase", code=1)  # nobody is there to answer
    assert "bo" in table(out)
    grade("student", out, "bo", "--erase", says="y\n")
    assert "bo" not in table(out)


def test_only_the_grade_can_be_kept(out: Path) -> None:
    grade("publish", out)
    before = {**table(out)["bo"], "remarks": ""}
    grade("student", out, "bo", "--erase", "--keep-grade", "--yes")
    after = table(out)["bo"]
    assert {**after, "remarks": ""} == before
    assert "the grade was kept" in after["remarks"]
    assert [path.name for path in out.rglob("bo.*")] == []
    assert b"3 * x" not in (out / "private" / "grades.db").read_bytes()
    assert "nothing has changed since release 1" in grade("publish", out)
    (out.parent / "class" / "bo.py").unlink()
    grade("batch", out.parent / "class", "-o", out, "-j", "1")
    assert {**table(out)["bo"], "remarks": ""} == before
    grade("student", out, "bo", "--erase", "--yes")
    assert "bo" not in table(out)


@pytest.mark.parametrize("options", [("--replay", "--erase"), ("--yes",), ("--keep-grade", "--replay"), ("--dry-run",)])
def test_options_that_make_no_sense_together_are_refused(out: Path, options: tuple[str, ...]) -> None:
    grade("student", out, "ada", *options, code=2)


def test_all_that_is_known_goes_into_a_file_before_anything_is_published_too(out: Path, tmp_path: Path) -> None:
    grade("student", out, "ada", "--export", tmp_path / "ada.zip")
    with zipfile.ZipFile(tmp_path / "ada.zip") as archive:
        assert {"about.json", "report.md", "report.json", "handed_in/ada.py"} <= set(archive.namelist())


# -- the gradebook -------------------------------------------------------------------------------------------------


def test_filling_fills_what_is_published_and_changes_nothing_in_the_results(out: Path) -> None:
    export = write(out.parent, {"export.csv": "id,HW 1\nada,\nbo,\nzoe,\n"}) / "export.csv"
    filled = out.parent / "filled.csv"
    fill = ("gradebook", out, export, "-o", filled, "--column", "HW 1")
    grade(*fill, code=2)
    grade("publish", out)
    before = table(out)
    assert "2 scores" in grade(*fill)
    assert filled.read_text() == "id,HW 1\nada,10\nbo,4\nzoe,\n"
    assert table(out) == before
    grade(*fill, "--missing", "zero")
    assert "zoe,\n" in filled.read_text()  # cy is in no row, and may be zoe


# -- adopting ------------------------------------------------------------------------------------------------------


def test_adopting_dry_says_what_would_be_done_and_writes_nothing(out: Path) -> None:
    said = grade("groups", out, "--adopt", "1", "--dry-run")
    assert "a draft of a mistake would be written" in said
    assert "2 students who have double wrong alike" in said
    assert not list(out.rglob("double_*.py"))


def test_groups_are_limited_in_number(tmp_path: Path) -> None:
    other = RIGHT.replace("2 * x", "4 * x")
    graded(
        write(tmp_path / "class", {**GOOD, "di.py": other, "ed.py": other + "#"}),
        tmp_path / "out",
        tiny(tmp_path / "a"),
    )
    assert "and 1 smaller group; --limit 2 shows them all" in grade("groups", tmp_path / "out", "--limit", "1")
