"""A class that an earlier version graded stays usable: it opens, replays, goes on and is published."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from classroom.classes import table
from click.testing import CliRunner, Result

from grader.cli import main

#: Made by version 0.1.0 with `grade batch`, points by hand, an override, and `grade publish`.
CLASS = Path(__file__).with_name("class_of_0.1.0.zip")
SCORES = {"ada": "16", "bo": "13", "cy": "6", "di": "10"}


@pytest.fixture
def course(tmp_path: Path) -> Path:
    with zipfile.ZipFile(CLASS) as archive:
        archive.extractall(tmp_path)
    return tmp_path


def call(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.mark.parametrize("student", SCORES)
def test_a_grade_of_an_earlier_version_replays_identically(course: Path, student: str) -> None:
    done = call("student", course / "results", student, "--replay")
    assert (done.exit_code, done.output.startswith("identical")) == (0, True), done.output


def test_a_class_of_an_earlier_version_goes_on_and_keeps_its_scores_and_its_draw(course: Path) -> None:
    done = call(
        "batch", course / "submissions", "-o", course / "results", "--rubric", course / "tiny.yaml", "--jobs", 1
    )
    assert done.exit_code == 0, done.output
    assert {student: row["score"] for student, row in table(course / "results").items()} == SCORES


def test_a_class_of_an_earlier_version_is_published_on_top_of_its_first_release(course: Path) -> None:
    overrides = course / "results" / "decisions" / "overrides.csv"
    overrides.write_text(overrides.read_text().replace("bo,double,3,", "bo,double,4,"))
    done = call("publish", course / "results", "--reason", "Looked at once more.")
    assert done.exit_code == 0, done.output
    assert "release 2: 0 new, 1 changed" in done.output
    assert "13 points became 14 points" in (course / "results" / "feedback" / "bo.md").read_text()


def test_an_earlier_versions_release_can_be_read(course: Path) -> None:
    done = call("student", course / "results", "ada", "--export", course / "ada.zip")
    assert done.exit_code == 0, done.output
    with zipfile.ZipFile(course / "ada.zip") as archive:
        assert any(b'"release": 1' in archive.read(name) for name in archive.namelist())
