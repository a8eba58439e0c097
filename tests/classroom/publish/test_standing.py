"""What was published stands everywhere until something else is; a release can be taken back."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from classroom.classes import REFERENCE, RIGHT, WRONG, graded, on_demand, table, tiny, write
from click.testing import CliRunner, Result

from grader.cli import main

pytestmark = pytest.mark.usefixtures("nearby")

#: A reference after which what was wrong is right, and what was right is wrong.
TRIPLE = REFERENCE.replace("2 * x", "3 * x")
STUDENTS = {"ada.py": RIGHT, "bo.py": WRONG, "cy.py": WRONG + "\n# a note\n"}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    graded(write(tmp_path / "class", STUDENTS), tmp_path / "out", tiny(tmp_path / "assignment"))
    return tmp_path / "out"


def grade(*args: object) -> Result:
    done = CliRunner().invoke(main, [str(each) for each in args])
    assert "Traceback" not in done.output
    return done


def publish(out: Path, *options: object) -> str:
    done = grade("publish", out, *options)
    assert done.exit_code == 0, done.output
    return done.stdout


def mend(out: Path) -> None:
    """Grade everybody again by another reference."""
    assignment = out.parent / "assignment"
    (assignment / "tiny" / "functions.py").write_text(TRIPLE)
    graded(out.parent / "class", out, assignment / "tiny.yaml")


def places(out: Path) -> dict[str, dict[str, float | None]]:
    """Each student's score in every place that shows one."""
    found: dict[str, dict[str, float | None]] = {}
    for folder in ("private/reports", "private/preview", "feedback"):
        for path in (out / folder).glob("*.json"):
            found.setdefault(path.stem, {})[folder] = json.loads(path.read_text())["score"]
            text = on_demand(out, path.stem) if folder == "private/reports" else path.with_suffix(".md").read_text()
            headline = text.split(" of 10 points")[0].rsplit("**", 1)[-1].split()[-1]
            found[path.stem][f"{folder}, headline"] = float(headline)
    for student, row in table(out).items():
        found.setdefault(student, {})["grades.csv"] = float(row["score"]) if row["score"] else None
    return found


def upload(out: Path) -> dict[str, str]:
    """What goes into the gradebook."""
    export = write(out.parent, {"export.csv": "id,Tiny: two functions\nada,\nbo,\ncy,\n"}) / "export.csv"
    filled = out.parent / "filled.csv"
    done = grade("publish", out, "--gradebook", export, "-o", filled, "--column", "Tiny: two functions")
    assert done.exit_code == 0, done.stderr
    with filled.open() as file:
        return {row["id"]: row["Tiny: two functions"] for row in csv.DictReader(file)}


def same(out: Path) -> dict[str, float | None]:
    """The one score of each student; fails where two places differ."""
    found = places(out)
    assert {student: len(set(each.values())) for student, each in found.items()} == dict.fromkeys(found, 1), found
    return {student: next(iter(each.values())) for student, each in found.items()}


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_before_anything_is_published_reports_are_a_preview_and_students_get_none(out: Path) -> None:
    assert not files(out / "feedback")
    assert len(files(out / "private" / "preview")) == 6
    publish(out)
    assert len(files(out / "feedback")) == 9
    assert not files(out / "private" / "preview")


def test_what_was_published_stands_in_every_place_and_what_was_computed_since_is_a_note(out: Path) -> None:
    publish(out)
    given = files(out / "feedback")
    mend(out)
    assert same(out) == {"ada": 10, "bo": 4, "cy": 4}
    assert files(out / "feedback") == given
    note = "The score of release 1, 4 points, stands: graded again it is 10 points, which isn't published"
    assert note in table(out)["bo"]["remarks"]
    assert f"{note} (the reference changed)." in on_demand(out, "bo")


@pytest.mark.parametrize(("option", "ada"), [((), 10), (("--allow-lower",), 4)])
def test_the_score_that_a_release_leaves_is_the_one_everywhere(out: Path, option: tuple[str, ...], ada: int) -> None:
    publish(out)
    mend(out)
    publish(out, "--reason", "Double meant triple.", *option)
    assert same(out) == {"ada": ada, "bo": 10, "cy": 10}
    assert upload(out) == {"ada": str(ada), "bo": "10", "cy": "10"}


def test_a_release_that_is_taken_back_leaves_what_the_one_before_said(out: Path) -> None:
    publish(out)
    given, grades = files(out / "feedback"), table(out)
    mend(out)
    before = table(out)
    publish(out, "--reason", "Double meant triple.", "--allow-lower")
    assert files(out / "feedback") != given
    said = publish(out, "--undo")
    assert "release 2 is taken back, 3 rows: release 1 stands again" in said
    assert files(out / "feedback") == given
    assert table(out) == before
    assert {each: row["score"] for each, row in table(out).items()} == {
        each: row["score"] for each, row in grades.items()
    }
    assert same(out) == {"ada": 10, "bo": 4, "cy": 4}
    with (out / "private" / "releases.csv").open() as file:
        assert [(row["release"], bool(row["taken back"])) for row in csv.DictReader(file)] == [
            ("1", False),
            ("2", True),
        ]


def test_taking_back_the_first_release_leaves_nothing_published_and_a_new_one_has_its_own_number(out: Path) -> None:
    publish(out)
    assert "nothing is published any more" in publish(out, "--undo")
    assert not files(out / "feedback")
    assert len(files(out / "private" / "preview")) == 6
    assert "nothing can be taken back" in grade("publish", out, "--undo").stderr
    assert "release 2: 3 new" in publish(out)
    assert len(files(out / "feedback")) == 9


def test_taking_back_dry_changes_nothing(out: Path) -> None:
    publish(out)
    given = files(out / "feedback")
    assert "would be taken back" in publish(out, "--undo", "--dry-run")
    assert files(out / "feedback") == given
    assert "nothing has changed since release 1" in publish(out)


def test_feedback_that_was_lost_or_changed_by_hand_comes_back_with_the_next_publish(out: Path) -> None:
    publish(out)
    given = files(out / "feedback")
    (out / "feedback" / "ada.md").unlink()
    (out / "feedback" / "bo.md").write_text("mine")
    publish(out)
    assert files(out / "feedback") == given


def test_who_isn_t_in_the_class_folder_any_more_keeps_the_published_score(out: Path) -> None:
    publish(out)
    (out.parent / "class" / "ada.py").unlink()
    graded(out.parent / "class", out, out.parent / "assignment" / "tiny.yaml")
    assert table(out)["ada"]["score"] == "10"
    assert "isn't in the class folder any more" in table(out)["ada"]["remarks"]


def test_results_of_an_older_version_keep_their_reports_as_a_preview(out: Path) -> None:
    (out / "private" / "preview").rename(out / "return")
    (out / "feedback").rmdir()
    publish(out)
    assert not (out / "return").exists()
    assert len(files(out / "feedback")) == 9
