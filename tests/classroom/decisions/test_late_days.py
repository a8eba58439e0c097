"""A bank of late days pays for whole days first; the ledger of a course says who has used how many, and for what."""

from __future__ import annotations

from pathlib import Path

import pytest
from classroom.classes import RIGHT
from classroom.decisions.test_lateness import GRADESCOPE, Class

from grader.errors import RubricError, UsageError

pytestmark = pytest.mark.usefixtures("nearby")

HEADER = "student,assignment,days\n"


@pytest.fixture
def klass(tmp_path: Path) -> Class:
    """Bo and cy are a group that is two days late, and everybody has three late days in the course."""
    klass = Class(tmp_path)
    klass.rubric.write_text(klass.rubric.read_text() + "  bank: 3\n")
    files = {"submission_1/hw.py": RIGHT, "submission_2/hw.py": RIGHT + "# bo and cy\n"}
    klass.holds({"submission_metadata.yml": GRADESCOPE, **files})
    return klass


def ledger(klass: Class, text: str = "") -> Path:
    path = klass.folder / "course" / "late_days.csv"
    if text:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return path


def test_each_member_of_a_group_pays_with_their_own_days(klass: Class) -> None:
    path = ledger(klass, HEADER + "cy,first,2\ncy,first,0\ndi,first,1\n")
    klass.graded(ledger=path)
    assert klass.scores() == {"ada": ("10", ""), "bo": ("10", "late"), "cy": ("9", "late")}
    assert path.read_text() == HEADER + "cy,first,2\ncy,first,0\ndi,first,1\nbo,tiny,2\ncy,tiny,1\n"


def test_late_days_are_said_with_what_is_left_of_them(klass: Class) -> None:
    klass.graded(ledger=ledger(klass, HEADER + "cy,first,2\n"))
    assert klass.told("bo")[0].endswith("2 days begun. Paid with late days: 2; then 1 of 3 are left for the course.")
    assert klass.told("cy")[0].endswith(
        "Paid with late days: 1; then 0 of 3 are left for the course. "
        "Each other one takes 1 point (10 % of 10): 10 - 1 = 9."
    )


def test_grading_again_charges_nobody_twice_and_an_extension_gives_days_back(klass: Class) -> None:
    for _ in range(2):
        klass.graded(ledger=ledger(klass))
    assert ledger(klass).read_text() == HEADER + "bo,tiny,2\ncy,tiny,2\n"
    (klass.out / "decisions").mkdir(exist_ok=True)
    (klass.out / "decisions" / "extensions.csv").write_text("student,until\nbo,2026-10-04 17:00\n")
    klass.graded(ledger=ledger(klass))
    assert ledger(klass).read_text() == HEADER + "cy,tiny,2\n"


def test_a_ledger_keeps_the_rows_and_columns_of_others(klass: Class) -> None:
    path = ledger(klass, "note;days;student;assignment\nill, of course;1;bo;first\n;9;elsewhere;tiny\n")
    klass.graded(ledger=path)
    assert path.read_text() == (
        'student,assignment,days,note\nbo,first,1,"ill, of course"\nelsewhere,tiny,9,\nbo,tiny,2,\ncy,tiny,2,\n'
    )


def test_without_a_course_wide_ledger_the_results_have_their_own(klass: Class) -> None:
    klass.graded()
    assert (klass.out / "decisions" / "late_days.csv").read_text() == HEADER + "bo,tiny,2\ncy,tiny,2\n"


def test_a_ledger_that_cant_be_meant_is_left_as_it_is(klass: Class) -> None:
    path = ledger(klass, HEADER + "bo,first,two\n,first,1\n")
    before = path.read_text()
    with pytest.raises(UsageError) as caught:
        klass.graded(ledger=path)
    assert "late_days.csv:2: days should be a whole number such as 2, found 'two'" in str(caught.value)
    assert "late_days.csv:3: the student is empty" in str(caught.value)
    assert path.read_text() == before


def test_a_ledger_without_a_bank_is_refused(klass: Class) -> None:
    klass.rubric.write_text(klass.rubric.read_text().replace("  bank: 3\n", ""))
    with pytest.raises(UsageError, match="the rubric has no late days"):
        klass.graded(ledger=ledger(klass))


@pytest.mark.parametrize(
    ("was", "becomes", "words"),
    [("bank: 3", "bank: many", "whole number of days"), ("per day", "per hour", "a bank holds days")],
)
def test_a_bank_that_cant_be_meant_is_a_flaw_of_the_rubric(klass: Class, was: str, becomes: str, words: str) -> None:
    klass.rubric.write_text(klass.rubric.read_text().replace(was, becomes))
    with pytest.raises(RubricError, match=words):
        klass.graded()
