"""Lateness is judged by the LMS's times or the instructor's own, never guessed, and said with its arithmetic."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from classroom.classes import RIGHT, Ran, graded, run_here, student_report, table, tiny, write
from click.testing import CliRunner

from grader.classroom.stages.summary import Summary
from grader.cli import main
from grader.errors import RubricError, UsageError

pytestmark = pytest.mark.usefixtures("nearby")

LATE = """
late:
  deadline: 2026-10-02 17:00
  zone: Europe/Berlin
  grace: 15 min
  penalty: 10 % per day
  cap: 50 %
"""
CANVAS = {"adabyron_1_11_hw.py": RIGHT, "bo_LATE_2_12_hw.py": RIGHT + "# bo\n"}
GRADESCOPE = """
submission_1:
  :submitters:
  - :sid: ada
  :created_at: 2026-10-02 15:10:00.861687000 Z
submission_2:
  :submitters:
  - :sid: bo
  - :sid: cy
  :created_at: 2026-10-03 15:01:00.000000000 Z
"""


class Class:
    """A class whose rubric says what lateness costs: of 10 points one for each day."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.rubric, self.out = folder, tiny(folder / "assignment"), folder / "out"
        self.rubric.write_text(self.rubric.read_text() + LATE)

    def holds(self, files: dict[str, str]) -> None:
        write(self.folder / "class", files)

    def graded(self, **options: Any) -> Summary:
        return graded(self.folder / "class", self.out, self.rubric, **options)

    def run(self, *options: object) -> Ran:
        return run_here(self.folder / "class", self.out, "--rubric", self.rubric, *options)

    def times(self, text: str) -> Path:
        write(self.folder, {"times.csv": f"student,time\n{text}"})
        return self.folder / "times.csv"

    def decided(self, name: str, text: str) -> Summary:
        write(self.out, {f"decisions/{name}": text})
        return self.graded()

    def scores(self) -> dict[str, tuple[str, str]]:
        return {student: (row["score"], row["late"]) for student, row in table(self.out).items()}

    def told(self, student: str) -> list[str]:
        report = json.loads(student_report(self.out, student))
        return [each["text"] for each in report["decisions"]]


@pytest.fixture
def klass(tmp_path: Path) -> Class:
    return Class(tmp_path)


@pytest.fixture
def gradescope(klass: Class) -> Class:
    """Ada is within the grace, bo and cy are a group, a day and a minute late."""
    files = {"submission_1/hw.py": RIGHT, "submission_2/hw.py": RIGHT + "# bo and cy\n"}
    klass.holds({"submission_metadata.yml": GRADESCOPE, **files})
    klass.graded()
    return klass


def test_gradescopes_times_count_for_everyone_in_a_group(gradescope: Class) -> None:
    assert gradescope.scores() == {"ada": ("10", ""), "bo": ("8", "late"), "cy": ("8", "late")}
    assert table(gradescope.out)["bo"]["computed"] == "10"


def test_what_lateness_took_is_said_with_its_arithmetic_on_the_report(gradescope: Class) -> None:
    (told,) = gradescope.told("bo")
    assert told == (
        "lateness: Handed in 2026-10-03 17:01 Europe/Berlin, the deadline was 2026-10-02 17:00 Europe/Berlin: "
        "2 days begun. Each takes 1 point (10 % of 10): 10 - 2 = 8."
    )
    assert table(gradescope.out)["bo"]["decisions"].endswith("10 - 2 = 8.")
    assert "8 of 10 points" in (gradescope.out / "private" / "preview" / "bo.md").read_text()
    assert gradescope.told("ada") == []


def test_an_extension_is_said_without_its_reason_and_costs_no_grading(gradescope: Class) -> None:
    summary = gradescope.decided("extensions.csv", "student,until,reason\ncy,2026-10-04 17:00,a funeral\n")
    assert summary.graded == 0
    assert gradescope.scores() == {"ada": ("10", ""), "bo": ("8", "late"), "cy": ("10", "")}
    assert gradescope.told("cy") == ["lateness: In time: your own deadline was 2026-10-04 17:00 Europe/Berlin."]
    places = [gradescope.out / "private" / "preview", gradescope.out / "private" / "reports"]
    files = [path for place in places for path in place.iterdir()]
    assert not any("funeral" in path.read_text() for path in (*files, gradescope.out / "grades.csv"))


def test_an_extension_of_somebody_who_isnt_there_is_named(gradescope: Class) -> None:
    assert gradescope.decided("extensions.csv", "student,until\ncyy,2026-10-04 17:00\n").strangers == ("cyy",)


def test_nbgraders_timestamps_and_blackboards_names_tell_the_time(tmp_path: Path) -> None:
    nbgrader, blackboard = Class(tmp_path / "nbgrader"), Class(tmp_path / "blackboard")
    stamp = "2026-10-03 15:30:00.861687 UTC"
    nbgrader.holds({"submitted/ada/tiny/hw.py": RIGHT, "submitted/ada/tiny/timestamp.txt": stamp})
    blackboard.holds({"HW 1_ada_attempt_2026-10-03-17-30-00_hw.py": RIGHT})
    for each in (nbgrader, blackboard):
        each.graded()
        assert each.scores() == {"ada": ("8", "late")}


def test_a_canvas_mark_says_late_but_not_when_and_nothing_is_taken(klass: Class) -> None:
    klass.holds(CANVAS)
    summary = klass.graded()
    assert klass.scores() == {"1": ("10", "unknown"), "2": ("10", "late, time unknown")}
    assert summary.unknown_times == 2
    assert "doesn't say when" in klass.told("2")[0]
    assert "isn't known" in klass.told("1")[0]


def test_unknown_times_are_counted_at_the_end_of_a_batch(klass: Class) -> None:
    klass.holds(CANVAS)
    done = klass.run("--times", klass.times("1,2026-10-02 16:00\n9,2026-10-02 16:00\n"))
    assert done.code == 0, done.err
    assert "1 handed in at an unknown time" in done.out
    assert "extensions or times name ids that nobody here has: 9" in done.out


def test_times_of_ones_own_stand_above_the_lmss_and_the_table_of_decisions_above_both(gradescope: Class) -> None:
    times = gradescope.times("bo,2026-10-02 17:00\nada,2026-10-09 17:00\n")
    gradescope.graded(times=times)
    assert gradescope.scores() == {"ada": ("5", "late"), "bo": ("10", ""), "cy": ("8", "late")}
    write(gradescope.out, {"decisions/times.csv": "student;time\nbo;2026-10-02T17:16\n"})
    gradescope.graded(times=times)
    assert gradescope.scores()["bo"] == ("9", "late")


def test_the_lms_may_take_its_own_penalty(gradescope: Class) -> None:
    gradescope.graded(late="lms")
    assert {score for score, _ in gradescope.scores().values()} == {"10"}
    assert gradescope.told("bo") == []


def test_what_is_published_is_what_lateness_left_and_times_stay_known(gradescope: Class) -> None:
    gradescope.graded(times=gradescope.times("ada,2026-10-09 17:00\n"))
    result = CliRunner().invoke(main, ["publish", str(gradescope.out)])
    assert result.exit_code == 0, result.output
    with (gradescope.out / "releases" / "1.csv").open(newline="") as file:
        assert [row["score"] for row in csv.DictReader(file)] == ["5", "8", "8"]
    assert "10 - 5 = 5" in gradescope.told("ada")[0]


def test_a_date_of_a_file_is_no_time(klass: Class) -> None:
    klass.holds({"ada.py": RIGHT})
    klass.graded()
    assert klass.scores() == {"ada": ("10", "unknown")}


def test_points_that_a_person_gives_come_before_lateness_and_a_whole_score_after(gradescope: Class) -> None:
    header = "student,function,points,public comment\n"
    gradescope.decided("overrides.csv", header + "bo,double,5,Half.\ncy,,10,It was my fault.\n")
    assert (gradescope.scores()["bo"], gradescope.scores()["cy"]) == (("7", "late"), ("10", "late"))


def test_rows_that_are_no_times_are_listed_with_their_lines(gradescope: Class) -> None:
    with pytest.raises(UsageError) as caught:
        gradescope.decided("extensions.csv", "student,until\nbo,next week\ncy,2026-10-04 17:00\ncy,2026-10-05 17:00\n")
    assert "extensions.csv:2: until should be a time such as 2026-10-02 17:34, or with a zone, found 'next week'" in (
        told := str(caught.value)
    )
    assert "extensions.csv:4: line 3 has a time for 'cy' already" in told


def test_times_that_nobody_needs_or_finds_are_refused(klass: Class) -> None:
    klass.holds(CANVAS)
    with pytest.raises(UsageError, match="no such file"):
        klass.graded(times=klass.folder / "nothing.csv")
    with pytest.raises(UsageError, match="no points are taken for lateness"):
        klass.graded(times=klass.times("1,2026-10-02 16:00\n"), late="lms")


@pytest.mark.parametrize(
    ("was", "becomes", "words"),
    [
        ("Europe/Berlin", "Europe/Berlim", "no time zone is called 'Europe/Berlim'; did you mean 'Europe/Berlin'?"),
        ("2026-10-02 17:00", "next Friday", "deadline should be a time without a zone"),
        ("10 % per day", "10 %", "penalty should be"),
        ("15 min", "a bit", "should be a number and a unit"),
        ("50 %", "half", "cap should be"),
        ("  zone: Europe/Berlin\n", "", "late lacks 'zone'"),
        ("grace", "gracious", "late has no key 'gracious'"),
    ],
)
def test_a_rule_that_cant_be_meant_is_a_flaw_of_the_rubric(klass: Class, was: str, becomes: str, words: str) -> None:
    klass.holds(CANVAS)
    klass.rubric.write_text(klass.rubric.read_text().replace(was, becomes))
    with pytest.raises(RubricError) as caught:
        klass.graded()
    assert words in str(caught.value)


def test_who_is_forgotten_leaves_no_time_behind_that_came_with_the_command(klass: Class) -> None:
    klass.holds(CANVAS)
    klass.graded(times=klass.times("1,2026-10-03 12:34:56\n2,2026-10-03 12:35:57\n"))
    assert CliRunner().invoke(main, ["student", str(klass.out), "1", "--erase", "--yes"]).exit_code == 0
    left = b"".join(file.read_bytes() for file in klass.out.rglob("*") if file.is_file())
    assert b":34:56" not in left
    assert b":35:57" in left
