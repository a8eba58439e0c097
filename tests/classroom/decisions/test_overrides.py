"""Points that people give stand in place of the grader's, are said on the report, and survive grading again."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from classroom.classes import REFERENCE, RIGHT, WRONG, graded, on_demand, table, tiny, write
from click.testing import CliRunner

from grader.classroom.decisions.amounts import parse_points
from grader.classroom.stages.summary import Summary
from grader.cli import main
from grader.errors import UsageError

pytestmark = pytest.mark.usefixtures("nearby")

HEADER = "student,function,points,who,when,public comment,private note\n"
GIVEN = "bo,double,4.5,ann,2026-11-25,Three is nearly two.,We all know why.\n"


class Class:
    """A class that has been graded: ada has 10 of 10 points, bo 4."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.rubric, self.out = folder, tiny(folder / "assignment"), folder / "out"
        write(folder / "class", {"ada.py": RIGHT, "bo.py": WRONG})
        self.graded()

    def graded(self, **options: Any) -> Summary:
        return graded(self.folder / "class", self.out, self.rubric, **options)

    def given(self, text: str | bytes) -> Summary:
        write(self.out, {"decisions/overrides.csv": text})
        return self.graded()

    def report(self, student: str, place: str = "private/preview") -> dict[str, Any]:
        given = self.out / "feedback" / f"{student}.json"
        is_given = place == "private/preview" and given.exists()
        found: dict[str, Any] = json.loads((given if is_given else self.out / place / f"{student}.json").read_text())
        return found

    def told(self, student: str) -> list[str]:
        return [" ".join(each.values()).strip() for each in self.report(student)["decisions"]]

    def texts(self) -> str:
        """Everything that was written for students and instructors."""
        places = (self.out / "private" / "preview", self.out / "private" / "reports")
        files = [path for place in places for path in place.iterdir()] + [self.out / "grades.csv"]
        return "\n".join(path.read_text() for path in files)


@pytest.fixture
def klass(tmp_path: Path) -> Class:
    return Class(tmp_path)


def test_given_points_stand_in_the_gradebook_beside_what_the_grader_found(klass: Class) -> None:
    klass.given(HEADER + GIVEN)
    row = table(klass.out)["bo"]
    assert (row["double"], row["score"], row["computed"]) == ("4.5", "8.5", "4")
    assert row["decisions"] == (
        "double: A person gave 4.5 points in place of 0. Three is nearly two. (ann, 2026-11-25)"
    )
    other = table(klass.out)["ada"]
    assert (other["score"], other["computed"], other["decisions"]) == ("10", "10", "")


def test_given_points_are_said_on_that_students_report_and_on_nobody_elses(klass: Class) -> None:
    klass.given(HEADER + GIVEN)
    report = klass.report("bo")
    assert (report["score"], report["functions"][0]["score"]) == (8.5, 4.5)
    assert klass.told("bo") == ["2026-11-25 double: A person gave 4.5 points in place of 0. Three is nearly two."]
    assert "A person gave 4.5 points" in report["functions"][0]["remarks"][-1]
    assert "8.5 of 10 points" in (klass.out / "private" / "preview" / "bo.md").read_text()
    assert klass.told("ada") == []


def test_a_private_note_is_written_nowhere_and_who_gave_the_points_in_no_report(klass: Class) -> None:
    klass.given(HEADER + GIVEN)
    assert "We all know why" not in klass.texts()
    assert "ann" not in (klass.out / "private" / "preview" / "bo.md").read_text()
    assert "ann" not in on_demand(klass.out, "bo")


def test_given_points_cost_no_grading_and_rewrite_that_report_only(klass: Class) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in (klass.out / "private" / "preview").iterdir()}
    assert klass.given(HEADER + GIVEN).graded == 0
    after = {path.name: path.stat().st_mtime_ns for path in (klass.out / "private" / "preview").iterdir()}
    assert {name for name in before if before[name] != after[name]} == {"bo.json", "bo.md"}


def test_given_points_survive_grading_again(klass: Class) -> None:
    klass.given(HEADER + GIVEN)
    (klass.rubric.parent / "tiny" / "functions.py").write_text(REFERENCE + "\n# changed\n")
    assert klass.graded().graded == 2
    assert table(klass.out)["bo"]["score"] == "8.5"
    assert klass.report("bo")["score"] == 8.5


def test_points_that_are_taken_back_leave_report_and_gradebook(klass: Class) -> None:
    klass.given(HEADER + GIVEN)
    klass.given(HEADER)
    assert klass.told("bo") == []
    assert table(klass.out)["bo"]["score"] == "4"


def test_the_whole_score_may_be_given_and_counts_after_all_else(klass: Class) -> None:
    klass.given(HEADER + GIVEN + "bo,,11,ann,,A talk about it.,\n")
    row = table(klass.out)["bo"]
    assert (row["double"], row["score"]) == ("4.5", "11")
    assert klass.told("bo")[-1] == "the whole score: A person gave 11 points in place of 8.5. A talk about it."


def test_full_points_for_a_function_read_as_such(klass: Class) -> None:
    klass.given(HEADER + "bo,double,6,,,Right after all.,\n")
    report = klass.report("bo")
    assert (report["verdict"], report["functions"][0]["verdict"]) == ("passed", "passed")
    assert "Everything is right" in (klass.out / "private" / "preview" / "bo.md").read_text()


def test_points_that_are_taken_away_read_as_such(klass: Class) -> None:
    klass.given(HEADER + "ada,double,0,,,Copied from bo.,\nada,negate,0,,,Copied from bo.,\n")
    report = klass.report("ada")
    assert [report["verdict"], *(each["verdict"] for each in report["functions"])] == ["failed"] * 3
    assert table(klass.out)["ada"]["score"] == "0"


def test_given_points_are_what_is_published(klass: Class) -> None:
    write(klass.out, {"decisions/overrides.csv": HEADER + GIVEN})
    result = CliRunner().invoke(main, ["publish", str(klass.out)])
    assert result.exit_code == 0, result.output
    assert "bo,,,graded,8.5,10,4.5,4," in (klass.out / "releases" / "1.csv").read_text()
    assert klass.report("bo")["score"] == 8.5


def test_a_spreadsheets_own_csv_will_do(klass: Class) -> None:
    text = "﻿Student;Points;FUNCTION;Public_Comment\r\nbo;4,5;double;Ja.\r\n"
    klass.given(text)
    assert table(klass.out)["bo"]["double"] == "4.5"


def test_a_comment_stays_text_in_reports_and_gradebook(klass: Class) -> None:
    klass.given(HEADER + 'bo,double,3,=1+1,,"<script>alert(1)</script>",\n')
    assert "<script>" not in (klass.out / "private" / "preview" / "bo.md").read_text()
    assert not any(cell.startswith("=") for cell in table(klass.out)["bo"].values())


def test_every_row_that_cant_be_meant_is_listed_with_its_line_and_nothing_changes(klass: Class) -> None:
    before = klass.texts()
    rows = "adda,double,1,,,x,\nbo,dubble,1,,,x,\nbo,double,many,,,x,\nbo,double,7,,,x,\n"
    rows += "bo,negate,-1,,,x,\nada,negate,1,,,,\n"
    with pytest.raises(UsageError) as caught:
        klass.given(HEADER + rows)
    told = str(caught.value)
    assert "overrides.csv:2: nobody in this class has the id 'adda'; did you mean 'ada'?" in told
    assert "overrides.csv:3: no function is called 'dubble'; did you mean 'double'?" in told
    assert "overrides.csv:4: points should be a number such as 4, 4.5 or 1/3, found 'many'" in told
    assert "overrides.csv:5: double has 6 points at most, found 7" in told
    assert "overrides.csv:5: line 4 gives 'bo' points for double already" in told
    assert "overrides.csv:6: points should be a number" in told
    assert "overrides.csv:7: the public comment is empty" in told
    assert klass.texts() == before


def test_a_table_without_a_column_says_what_it_needs(klass: Class) -> None:
    with pytest.raises(UsageError, match="no column 'public comment'; it needs: student, function, points"):
        klass.given("student,function,points\nbo,double,1\n")


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("4", Fraction(4)),
        ("4.10", Fraction(41, 10)),
        ("0,1", Fraction(1, 10)),
        ("1/3", Fraction(1, 3)),
        *((text, None) for text in ("", "-1", "+1", "nan", "inf", "1e9", "1/0", "1_0", "4.", "٤")),
    ],
)
def test_points_are_exact_or_none(text: str, points: Fraction | None) -> None:
    assert parse_points(text) == points


@pytest.mark.parametrize(
    "given", [GIVEN, "bo,,3,ann,,Too much by half.,\n", GIVEN + "bo,negate,1,ann,,Less.,\nbo,,9,,,More.,\n"]
)
def test_the_lines_of_a_report_add_up_to_its_score_with_what_people_gave_on_lines_of_its_own(
    given: str, klass: Class
) -> None:
    klass.given(HEADER + given)
    report = klass.report("bo")
    for function in report["functions"]:
        lines = (
            sum(check["score"] for check in function["checks"]) + function["from_mistake"] + function.get("given", 0)
        )
        assert lines == function["score"]
    changes = sum(change["points"] for change in report.get("changes", ()))
    assert sum(function["score"] for function in report["functions"]) + changes == report["score"]
    told = (klass.out / "private" / "preview" / "bo.md").read_text()
    assert ("by a person's decision" in told) is any(function.get("given") for function in report["functions"])
    assert ("| the whole score |" in told) is bool(changes)


def test_somebody_who_handed_in_nothing_can_be_given_points_for_an_oral_exam(klass: Class) -> None:
    roster = klass.folder / "roster.csv"
    roster.write_text("id\nada\nbo\ncy\n")
    write(klass.out, {"decisions/overrides.csv": HEADER + "cy,,7,ann,,By an oral exam.,\n"})
    klass.graded(roster=roster)
    row = table(klass.out)["cy"]
    assert (row["status"], row["score"], row["computed"]) == ("graded", "7", "")


def test_somebody_whom_the_grader_could_not_grade_can_be_given_points(tmp_path: Path) -> None:
    """Gradescope's list names a submission that its folder doesn't hold."""
    listed = "".join(
        f"submission_{number}:\n  :submitters:\n  - :name: {name}\n    :sid: {name}\n    :email: {name}@x\n"
        for number, name in enumerate(("ada", "bo"))
    )
    write(tmp_path / "class", {"submission_metadata.yml": listed, "submission_0/hw.py": RIGHT})
    out, rubric = tmp_path / "out", tiny(tmp_path / "assignment")
    graded(tmp_path / "class", out, rubric)
    assert table(out)["bo"]["status"] == "not graded"
    write(out, {"decisions/overrides.csv": HEADER + "bo,,7,ann,,Seen on paper.,\n"})
    graded(tmp_path / "class", out, rubric)
    row = table(out)["bo"]
    assert (row["status"], row["score"], row["computed"]) == ("graded", "7", "")
