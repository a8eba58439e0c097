"""Files that a handout ships: they lie beside the reference, and submissions read them as if they were their own."""

from __future__ import annotations

from pathlib import Path

import pytest
from rubric.language import Course

from grader.authoring.verify import verify_assignment
from grader.sandbox.sandbox import Sandbox

MEANS = """\
  means:
    points: 3
    arguments: {path: "'data/heights.csv'", factor: "normal()"}
    checks: [{value: of each column, points: 3}]
files: [data/heights.csv]
"""
SOLVED = "def means(path, factor):\n    return factor * np.loadtxt(path, delimiter=',').mean(axis=0)\n"
OWN = """
def means(path, factor):
    with open("heights.csv") as file:
        rows = [[float(entry) for entry in line.split(",")] for line in file]
    return factor * np.mean(rows, axis=0)
"""


@pytest.fixture
def course(tmp_path: Path, box: Sandbox) -> Course:
    made = Course(tmp_path, box, MEANS, SOLVED)
    (made.folder / "course" / "data").mkdir()
    (made.folder / "course" / "data" / "heights.csv").write_text("1,2\n3,5\n")
    return made


def test_a_file_of_the_handout_is_read_by_its_path_and_by_its_name_alone(course: Course) -> None:
    grade = course.grade(SOLVED)
    assert (grade.score, grade.problems) == (3, ())
    assert course.only(OWN).score == 3


def test_a_file_of_the_handout_goes_before_one_that_was_handed_in(course: Course) -> None:
    own = {"hw.py": SOLVED, "data/heights.csv": "9,9\n9,9\n"}
    assert course.only(own).score == 3


def test_without_the_file_nothing_of_it_is_known(course: Course) -> None:
    assert course.only(SOLVED.replace("loadtxt(path", "loadtxt('weights.csv'")).score == 0


def test_verify_grades_a_reference_that_reads_files(course: Course) -> None:
    found = verify_assignment(course.rubric, seed=1)
    assert [text for section in found.sections for text in section.differences] == []


def test_a_file_that_is_missing_or_lies_outside_is_a_flaw(course: Course) -> None:
    text = course.rubric.read_text()
    course.rubric.write_text(text.replace("[data/heights.csv]", "[data/height.csv, ../secret.csv]"))
    outside, missing = (
        [flaw for flaw in course.flaws() if said in flaw]
        for said in ("'../secret.csv' should be a path", "height.csv;")
    )
    assert len(outside) == 1
    assert len(missing) == 1
    assert "put it beside the reference's modules: " in missing[0]
