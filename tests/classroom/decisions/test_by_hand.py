"""What a person gives points for: open until given, dealt out once, read back, and never a zero by itself."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from fractions import Fraction
from itertools import chain
from pathlib import Path

import pytest
from classroom.classes import RIGHT, WITH_MANUAL, WRONG, graded, students, tiny, write
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.classroom.publish.marking import _stretches, deal_out_marking
from grader.classroom.publish.publish import PublishOrder, publish_grades
from grader.classroom.review.results import open_results
from grader.classroom.stages.summary import Summary
from grader.errors import UsageError

pytestmark = pytest.mark.usefixtures("nearby")

ITEMS = ("the derivation", "a plot")
NOTEBOOK = {
    "nbformat": 4,
    "nbformat_minor": 5,
    "metadata": {},
    "cells": [
        {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "id": "a", "source": RIGHT},
        {"cell_type": "markdown", "metadata": {}, "id": "b", "source": ["## derivation:\n", "Twice one is two."]},
    ],
}


class Class:
    """A class whose derivations nobody has read yet."""

    def __init__(self, folder: Path, files: Mapping[str, str | bytes]) -> None:
        self.out, self.folder = folder / "out", folder / "class"
        self.rubric = tiny(folder / "assignment", WITH_MANUAL)
        write(self.folder, files)
        self.summary = self.graded()

    def graded(self) -> Summary:
        return graded(self.folder, self.out, self.rubric)

    def dealt(self, *graders: str) -> dict[str, list[dict[str, str]]]:
        with open_results(self.out) as results:
            deal_out_marking(results, graders)
        return {name: self.rows(name) for name in graders}

    def rows(self, grader: str) -> list[dict[str, str]]:
        with (self.out / "decisions" / "points" / f"{grader}.csv").open(newline="") as file:
            return list(csv.DictReader(file))

    def fill(self, grader: str, **cells: str) -> None:
        """Fill in all rows of a grader."""
        rows = [{**row, **cells} for row in self.rows(grader)]
        with (self.out / "decisions" / "points" / f"{grader}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)

    def give(self, text: str, grader: str = "ann") -> Summary:
        write(self.out, {f"decisions/points/{grader}.csv": f"student,item,points,level,comment\n{text}"})
        return self.graded()

    def row(self, student: str) -> dict[str, str]:
        with (self.out / "grades.csv").open(newline="", encoding="utf-8-sig") as file:
            return next(row for row in csv.DictReader(file) if row["id"] == student)


@pytest.fixture
def klass(tmp_path: Path) -> Class:
    return Class(tmp_path, {"ada/hw.py": RIGHT, "ada/work.PDF": b"%PDF", "bo/hw.py": WRONG})


def test_without_a_persons_points_the_score_is_open_and_no_zero(klass: Class) -> None:
    assert klass.summary.awaiting == 2
    row = klass.row("ada")
    assert (row["status"], row["score"], row["max_score"]) == ("awaiting", "", "16")
    assert (row["double"], row["the derivation"], row["a plot"]) == ("6", "", "")
    report = json.loads((klass.out / "private" / "preview" / "ada.json").read_text())
    assert (report["score"], report["max_score"], report["verdict"]) == (None, 16.0, "awaiting")
    assert "10 of 16 points so far" in (klass.out / "private" / "preview" / "ada.md").read_text()


def test_nothing_is_published_before_a_person_has_given_all_points(klass: Class) -> None:
    from datetime import UTC, datetime

    with pytest.raises(UsageError, match="ada: awaiting"):
        publish_grades(PublishOrder(klass.out), datetime.now(UTC))
    klass.give("ada,the derivation,5,,\nada,a plot,1,,\nbo,the derivation,,begun,\nbo,a plot,0,,\n")
    assert publish_grades(PublishOrder(klass.out), datetime.now(UTC)).number == 1


def test_given_points_count_and_their_comment_stands_on_the_report(klass: Class) -> None:
    summary = klass.give("ada,the derivation,4.5,,Say why the limit exists.\nada,a plot,1,,\n")
    assert summary.graded == 0
    row = klass.row("ada")
    assert (row["status"], row["score"], row["the derivation"]) == ("graded", "15.5", "4.5")
    assert "Say why the limit exists." in (klass.out / "private" / "preview" / "ada.md").read_text()
    assert klass.row("bo")["status"] == "awaiting"


def test_a_comment_on_full_points_is_told_too(klass: Class) -> None:
    klass.give("ada,the derivation,,complete,A beautiful argument.\nada,a plot,1,,\n")
    assert klass.row("ada")["score"] == "16"
    assert "A beautiful argument." in (klass.out / "private" / "preview" / "ada.md").read_text()


def test_points_survive_that_everyone_is_graded_again(klass: Class) -> None:
    klass.give("ada,the derivation,5,,\nada,a plot,1,,\n")
    reference = klass.rubric.with_suffix("") / "functions.py"
    reference.write_text(f"{reference.read_text()}# changed\n")
    assert klass.graded().graded == 2
    assert klass.row("ada")["score"] == "16"


def test_members_of_a_submission_share_its_points(tmp_path: Path) -> None:
    export = {
        "submission_metadata.yml": "submission_1:\n  :submitters:\n  - :name: A\n    :sid: ada\n    :email: a@x\n"
        "  - :name: B\n    :sid: bo\n    :email: b@x\n",
        "submission_1/hw.py": RIGHT,
    }
    klass = Class(tmp_path, export)
    klass.give("bo,the derivation,3,,\nada,a plot,1,,\n")
    assert [klass.row(student)["score"] for student in ("ada", "bo")] == ["14", "14"]


# -- what can't be taken -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "said"),
    {
        "adda,the derivation,5,,": "ann.csv:2: nobody in this class has the id 'adda'; did you mean 'ada'?",
        "ada,the derivatoin,5,,": "ann.csv:2: no item is called 'the derivatoin'; did you mean 'the derivation'?",
        "ada,the derivation,6,,": "ann.csv:2: points are a number from 0 to 5, found '6'",
        "ada,the derivation,-1,,": "points are a number from 0 to 5, found '-1'",
        "ada,the derivation,many,,": "found 'many'",
        "ada,the derivation,,compleet,": "no level 'compleet'; did you mean 'complete'?",
        "ada,the derivation,4,complete,": "level 'complete' is 5 points, and 4 stand beside it",
    }.items(),
)
def test_a_row_that_makes_no_sense_is_named_with_its_line(row: str, said: str, klass: Class) -> None:
    summary = klass.give(f"{row}\nbo,the derivation,5,,\nbo,a plot,1,,\n")
    (flaw,) = summary.wrong_rows
    assert said in flaw
    assert klass.row("ada")["score"] == ""
    assert klass.row("bo")["score"] == "10"  # the rows that make sense count


def test_graders_who_disagree_are_named_and_the_item_stays_open(klass: Class) -> None:
    klass.give("ada,the derivation,5,,\nada,a plot,1,,\n", "ann")
    summary = klass.give("ada,the derivation,3,,\nada,a plot,1,,\n", "bo")
    (conflict,) = summary.conflicts
    assert "bo.csv:2: 3 for 'the derivation' of ada" in conflict
    assert "ann.csv:2 gave 5" in conflict
    assert (klass.row("ada")["score"], klass.row("ada")["a plot"]) == ("", "1")


def test_a_decimal_comma_is_a_number(klass: Class) -> None:
    klass.give('ada;the derivation;"4,5";;\n'.replace(";", ","))
    assert klass.row("ada")["the derivation"] == "4.5"


# -- dealing out ---------------------------------------------------------------------------------------------------


def test_all_work_is_dealt_once_and_in_equal_parts(tmp_path: Path) -> None:
    klass = Class(tmp_path, dict(students(5, RIGHT)))
    dealt = klass.dealt("ann", "bo", "cy")
    assert sorted(map(len, dealt.values())) == [3, 3, 4]
    due = sorted((row["student"], row["item"]) for row in chain(*dealt.values()))
    assert due == sorted((f"s00{number}", item) for number in range(5) for item in ITEMS)


def test_what_is_filled_in_stays_and_the_rest_is_dealt_anew(tmp_path: Path) -> None:
    klass = Class(tmp_path, dict(students(4, RIGHT)))
    klass.dealt("ann", "bo")
    klass.fill("ann", points="1", comment="Seen.")
    before = klass.rows("ann")
    dealt = klass.dealt("bo", "cy")
    assert klass.rows("ann") == before
    assert [len(rows) for rows in dealt.values()] == [2, 2]


def test_a_filled_file_can_be_read_back_as_it_is(tmp_path: Path) -> None:
    klass = Class(tmp_path, dict(students(3, RIGHT)))
    klass.dealt("ann")
    klass.fill("ann", points="1")
    assert klass.graded().awaiting == 0
    assert klass.row("s000")["score"] == "12"


def test_the_place_of_an_attachment_is_named(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "ada/hw.py": RIGHT,
        "ada/work.PDF": b"%PDF",
        "bo/hw.ipynb": json.dumps(NOTEBOOK),
        "cy/hw.py": RIGHT,
    }
    rows = Class(tmp_path, files).dealt("ann")["ann"]
    places = {row["student"]: row["attachment"] for row in rows if row["item"] == "the derivation"}
    assert places == {"ada": "ada/work.PDF", "bo": "hw.ipynb, cell 2", "cy": "nothing that looks like it"}


@pytest.mark.parametrize("graders", [("ann", "ann"), ("../ann",), ("",)])
def test_names_that_are_no_names_are_refused(graders: tuple[str, ...], klass: Class) -> None:
    with pytest.raises(UsageError, match="write different names of letters and digits"):
        klass.dealt(*graders)


def test_no_file_is_written_over_one_that_makes_no_sense(klass: Class) -> None:
    klass.give("ada,the derivation,9,,\n")
    with pytest.raises(UsageError, match="found '9'"):
        klass.dealt("ann")
    assert klass.rows("ann")[0]["points"] == "9"


@settings(max_examples=50)
@given(count=st.integers(0, 60), graders=st.integers(1, 9))
def test_stretches_hold_all_rows_in_order_and_differ_by_one_at_the_most(count: int, graders: int) -> None:
    due = [[str(number)] for number in range(count)]
    parts = list(_stretches(due, graders))
    assert list(chain(*parts)) == due
    assert len(parts) == graders
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


def test_a_third_is_a_third(klass: Class) -> None:
    """Points are exact fractions; only what is shown is rounded."""
    klass.give("ada,the derivation,1/3,,\nada,a plot,2/3,,\n")
    with open_results(klass.out) as results:
        entry = next(each for each in results.entries() if each.student.id == "ada")
    assert entry.score == Fraction(11)
