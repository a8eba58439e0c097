"""What is published stays: each later release says what changed and why, and no score falls unasked."""

from __future__ import annotations

import csv
import json
import sqlite3
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from classroom.classes import REFERENCE, RIGHT, WRONG, graded, table, tiny, write
from click.testing import CliRunner, Result

from grader.classroom.intake.model import Student
from grader.classroom.outputs.gradebook import GradebookRow
from grader.classroom.outputs.releases import (
    find_changes,
    list_published,
    newest_published,
    release_notes,
    save_release,
)
from grader.classroom.store.schema import STEPS
from grader.classroom.store.store import Store
from grader.cli import main

pytestmark = pytest.mark.usefixtures("nearby")

FILES = {"ada.py": RIGHT, "bo.py": WRONG, "cy.py": WRONG + "\n# a note\n"}
#: A reference after which what was wrong is right, and what was right is wrong.
TRIPLE = REFERENCE.replace("2 * x", "3 * x")


@pytest.fixture
def rubric(tmp_path: Path) -> Path:
    return tiny(tmp_path / "assignment")


@pytest.fixture
def out(tmp_path: Path, rubric: Path) -> Path:
    """A class that has been graded: 10, 4 and 4 points."""
    graded(write(tmp_path / "class", FILES), tmp_path / "out", rubric)
    return tmp_path / "out"


def publish(out: Path, *options: str) -> Result:
    result = CliRunner().invoke(main, ["publish", str(out), *options])
    assert "Traceback" not in result.output
    return result


def change_the_reference(rubric: Path, out: Path, text: str = TRIPLE) -> None:
    (rubric.parent / "tiny" / "functions.py").write_text(text)
    graded(rubric.parent.parent / "class", out, rubric)


def release(out: Path, number: int) -> dict[str, dict[str, str]]:
    with (out / "releases" / f"{number}.csv").open(newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def decisions(out: Path, student: str) -> list[str]:
    return [each["text"] for each in json.loads((out / "feedback" / f"{student}.json").read_text())["decisions"]]


def scores(out: Path) -> dict[str, int]:
    with Store(out / "private" / "grades.db") as store:
        return {entry.student.id: int(entry.score or 0) for entry in list_published(store)}


def test_the_first_release_is_everybody_as_in_the_gradebook(out: Path) -> None:
    result = publish(out)
    assert result.exit_code == 0
    assert "release 1: 3 new" in result.output
    rows = table(out)
    assert release(out, 1) == {student: {**row, "published_before": ""} for student, row in rows.items()}
    assert not decisions(out, "ada")


def test_publishing_again_without_a_change_makes_no_release(out: Path) -> None:
    publish(out)
    assert "nothing has changed since release 1" in publish(out).output
    assert [path.name for path in (out / "releases").iterdir()] == ["1.csv"]


def test_a_later_release_lists_changed_rows_only_with_what_was_published(out: Path, rubric: Path) -> None:
    publish(out)
    write(out.parent / "class", {"di.py": RIGHT + "# late\n"})
    change_the_reference(rubric, out)
    assert publish(out, "--reason", "Double meant triple.").exit_code == 0
    rows = release(out, 2)
    assert {student: (row["published_before"], row["score"]) for student, row in rows.items()} == {
        "bo": ("4", "10"),
        "cy": ("4", "10"),
        "di": ("", "4"),
    }


def test_a_published_score_never_falls_and_the_report_says_which_stays(out: Path, rubric: Path) -> None:
    publish(out)
    change_the_reference(rubric, out)
    result = publish(out, "--reason", "Double meant triple.")
    assert "ada: 10 stays, though grading again gave 4" in result.output
    assert scores(out) == {"ada": 10, "bo": 10, "cy": 10}
    assert decisions(out, "ada") == ["Release 2: the published score of 10 points stays; grading again gave 4 points."]


def test_a_kept_score_is_said_once(out: Path, rubric: Path) -> None:
    publish(out)
    change_the_reference(rubric, out)
    publish(out, "--reason", "Double meant triple.")
    assert "nothing has changed" in publish(out).output
    assert len(decisions(out, "ada")) == 1


def test_a_score_falls_where_somebody_says_so(out: Path, rubric: Path) -> None:
    publish(out)
    change_the_reference(rubric, out)
    publish(out, "--reason", "Double meant triple.", "--allow-lower")
    assert scores(out) == {"ada": 4, "bo": 10, "cy": 10}
    assert release(out, 2)["ada"]["published_before"] == "10"


def test_a_kept_score_may_fall_later(out: Path, rubric: Path) -> None:
    publish(out)
    change_the_reference(rubric, out)
    publish(out, "--reason", "Double meant triple.")
    publish(out, "--reason", "We said so in the lecture.", "--allow-lower")
    assert scores(out)["ada"] == 4


def test_the_reason_is_asked_for_and_stands_dated_on_the_reports_of_those_it_concerns(out: Path, rubric: Path) -> None:
    publish(out)
    change_the_reference(rubric, out)
    refused = publish(out)
    assert refused.exit_code == 2
    assert "--reason" in refused.stderr
    assert not (out / "releases" / "2.csv").exists()
    publish(out, "--reason", "Double meant triple.")
    report = json.loads((out / "feedback" / "bo.json").read_text())
    (told,) = report["decisions"]
    assert told["text"] == "Release 2: 4 points became 10 points. Double meant triple."
    assert len(told["when"]) == len("2026-11-25")
    assert "Double meant triple" in (out / "feedback" / "bo.md").read_text()
    assert "Double meant triple" not in (out / "feedback" / "ada.md").read_text()


def test_a_dated_reason_survives_grading_again(out: Path, rubric: Path) -> None:
    publish(out)
    change_the_reference(rubric, out)
    publish(out, "--reason", "Double meant triple.")
    graded(out.parent / "class", out, rubric, force=True)
    assert len(decisions(out, "bo")) == 1


def test_nothing_is_published_while_somebody_isnt_graded(tmp_path: Path, rubric: Path) -> None:
    metadata = "submission_1:\n  :submitters:\n  - :sid: '1'\nsubmission_2:\n  :submitters:\n  - :sid: '2'\n"
    folder = write(tmp_path / "class", {"submission_metadata.yml": metadata, "submission_1/hw.py": RIGHT})
    graded(folder, tmp_path / "out", rubric)
    refused = publish(tmp_path / "out")
    assert refused.exit_code == 2
    assert "2: not graded" in refused.stderr
    assert not (tmp_path / "out" / "releases").exists()


def test_who_handed_in_nothing_is_published_without_points(tmp_path: Path, rubric: Path) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text("id,name\nada,Ada Byron\neve,Eve\n")
    graded(write(tmp_path / "class", {"ada.py": RIGHT}), tmp_path / "out", rubric, roster=roster)
    publish(tmp_path / "out")
    rows = release(tmp_path / "out", 1)
    assert (rows["eve"]["status"], rows["eve"]["score"]) == ("nothing handed in", "")
    assert rows["ada"]["name"] == "Ada Byron"


def test_a_place_without_results_is_a_wrong_call_and_stays_as_it_was(tmp_path: Path) -> None:
    refused = publish(tmp_path / "nothing")
    assert refused.exit_code == 2
    assert "grade batch" in refused.stderr
    assert not (tmp_path / "nothing").exists()


def test_results_of_an_older_grade_are_graded_on_and_published(tmp_path: Path, rubric: Path) -> None:
    """A store of version 1 has neither plan's files nor submissions' bytes; it gets the tables, and keeps its draw."""
    out = tmp_path / "out"
    (out / "private").mkdir(parents=True)
    with sqlite3.connect(out / "private" / "grades.db") as db:
        db.executescript(STEPS[0] + "PRAGMA application_id = 0x67726164; PRAGMA user_version = 1;")
        db.execute("INSERT INTO setting VALUES ('seed', '77'), ('plan', 'p')")
        db.execute("INSERT INTO plan VALUES ('p', '{}')")
    db.close()
    refused = publish(out)
    assert refused.exit_code == 2
    assert "earlier version" in refused.stderr
    graded(write(tmp_path / "class", FILES), out, rubric)
    with Store(out / "private" / "grades.db") as store:
        assert store.seed(None) == 77
    assert publish(out).exit_code == 0


def test_a_release_that_a_crash_cut_short_is_made_again_under_its_number(out: Path) -> None:
    """The file is written before the release is kept."""
    write(out, {"releases/1.csv": "half a fi"})
    publish(out)
    assert set(release(out, 1)) == {"ada", "bo", "cy"}


def test_who_left_the_class_stays_published(out: Path, rubric: Path) -> None:
    publish(out)
    (out.parent / "class" / "cy.py").unlink()
    graded(out.parent / "class", out, rubric)
    assert "nothing has changed" in publish(out).output
    assert scores(out)["cy"] == 4


def entry(score: Fraction | None, *functions: int) -> GradebookRow:
    return GradebookRow(Student("ada"), "graded", score=score, functions=tuple(map(Fraction, functions)))


def test_points_that_move_between_functions_are_a_change_though_the_score_stays(tmp_path: Path) -> None:
    now = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
    with Store(tmp_path / "grades.db") as store:
        save_release(store, 1, now, "p", "", find_changes([entry(Fraction(4), 4, 0)], {}))
        (moved,) = find_changes([entry(Fraction(4), 1, 3)], newest_published(store))
        save_release(store, 2, now, "p", "We moved points.", [moved])
        (told,) = release_notes(store)["ada"]
    assert (told.when, told.text) == (
        "2026-11-25",
        "Release 2: the score is still 4 points, its parts changed. We moved points.",
    )


@pytest.mark.parametrize("score", [None, Fraction(1, 3), Fraction(0)])
def test_exact_points_come_back_from_a_release(tmp_path: Path, score: Fraction | None) -> None:
    with Store(tmp_path / "grades.db") as store:
        save_release(store, 1, datetime.now(UTC), "p", "", find_changes([entry(score)], {}))
        assert list_published(store) == [entry(score)]
        assert list(find_changes([entry(score)], newest_published(store))) == []


def test_a_third_less_than_a_third_is_less(tmp_path: Path) -> None:
    """Points are exact: what people see as 0.33 twice may still fall."""
    with Store(tmp_path / "grades.db") as store:
        save_release(store, 1, datetime.now(UTC), "p", "", find_changes([entry(Fraction(1, 3))], {}))
        (kept,) = find_changes([entry(Fraction(33, 100))], newest_published(store))
    assert kept.is_kept
