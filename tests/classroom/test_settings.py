"""OUT keeps what it was made with: the same command needs no options again, and grades of two scales never mix."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import msgspec
import pytest
from classroom.classes import RIGHT, RUBRIC, WITH_MANUAL, WRONG, Ran, run_here, table, tiny, write
from classroom.test_awaiting import publish

from grader.classroom.store.encoding import encode_grade
from grader.grading.grades import Grade

pytestmark = pytest.mark.usefixtures("nearby")

OTHER = RUBRIC.replace("double:", "twice:").replace("negate:", "minus:").replace("Tiny", "Another")
LATE = f'{RUBRIC}\nlate: {{deadline: "2026-10-02 12:00", zone: UTC, penalty: 1 points per day}}\n'
TIMES = "student,time\nada,2026-10-03 11:00\nbo,2026-10-01 11:00\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a class and without a rubric, in which commands are said."""
    write(tmp_path / "here" / "class", {"ada/hw1.py": RIGHT, "bo/hw1.py": WRONG})
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


def batch(*options: object) -> Ran:
    return run_here(Path("class"), Path("out"), *options)


def scores(here: Path) -> dict[str, str]:
    return {student: row["score"] for student, row in table(here / "out").items()}


def test_the_second_batch_needs_no_options(here: Path, tmp_path: Path) -> None:
    rubric = tiny(tmp_path / "assignment", LATE)
    write(here, {"roster.csv": "id\nada\nbo\nzoe\n", "times.csv": TIMES})
    first = batch("--rubric", rubric, "--roster", "roster.csv", "--times", "times.csv")
    assert first.code == 0, first.err
    before = table(here / "out")
    assert (before["ada"]["score"], before["zoe"]["status"]) == ("9", "nothing handed in")
    write(here, {"class/cy/hw1.py": RIGHT + "# new"})
    again = batch()
    assert again.code == 0, again.err
    assert again.err.splitlines()[0] == f"rubric: {rubric} (as the last time)"
    assert "3 handed in, 1 graded in this run" in again.out
    after = table(here / "out")
    assert {student: after[student] for student in before} == before


def test_python_2_is_converted_for_the_whole_class_where_that_was_asked_for_once(here: Path, tmp_path: Path) -> None:
    rubric = tiny(tmp_path / "assignment")
    write(here, {"class/cy/hw1.py": f"{RIGHT}\nprint 'done'\n", "class/di/hw1.py": "def double(x):\n    print x\n"})
    first = batch("--rubric", rubric)
    assert "--convert-python2" in first.out
    assert table(here / "out")["di"]["status"] == "awaiting"
    converted = batch("--convert-python2")
    assert "changed since the last run: whether Python 2 is converted" in converted.err
    rows = table(here / "out")
    assert (rows["cy"]["score"], rows["di"]["status"], rows["di"]["score"]) == ("10", "graded", "0")
    assert "0 graded in this run" in batch().out
    back = batch("--no-convert-python2")
    assert "changed since the last run: whether Python 2 is converted" in back.err
    assert table(here / "out")["di"]["status"] == "awaiting"


def test_a_layout_holds_for_its_own_folder(here: Path, tmp_path: Path) -> None:
    rubric = tiny(tmp_path / "assignment")
    pattern = "(?P<student>[^/]+)/(?P<file>.+)"
    assert "--pattern" in batch("--rubric", rubric, "--pattern", pattern).err
    assert "--pattern" in batch().err
    write(here / "other", {"ada.py": RIGHT})
    assert "one file per student" in run_here(Path("other"), Path("out")).err


@pytest.mark.parametrize("name", ["roster", "times", "rubric"])
def test_a_file_of_the_last_batch_that_is_gone_is_asked_for(here: Path, tmp_path: Path, name: str) -> None:
    rubric = tiny(tmp_path / "assignment", LATE)
    write(here, {"roster.csv": "id\nada\n", "times.csv": TIMES})
    batch("--rubric", rubric, "--roster", "roster.csv", "--times", "times.csv")
    before = scores(here)
    (rubric if name == "rubric" else here / f"{name}.csv").unlink()
    done = batch()
    assert done.code == 2
    assert f"--{name}" in done.err
    assert scores(here) == before


def test_without_a_rubric_the_only_one_here_is_taken_and_said(here: Path) -> None:
    tiny(here)
    write(here, {"mkdocs.yml": "site_name: x\n", "fix.yaml": "deduction: 5\n"})
    done = batch()
    assert done.code == 0, done.err
    assert done.err.splitlines()[0].endswith("tiny.yaml (the only one here)")
    assert scores(here) == {"ada": "10", "bo": "4"}


def test_of_several_rubrics_here_none_is_guessed(here: Path) -> None:
    tiny(here)
    write(here, {"hw2.yml": RUBRIC})
    done = batch()
    assert done.code == 2
    assert "hw2.yml, tiny.yaml" in done.err
    assert not (here / "out" / "grades.csv").exists()


def test_where_there_is_none_the_bundled_one_is_taken_and_said_first(here: Path) -> None:
    done = batch()
    assert done.err.splitlines()[0] == "rubric: assignment1 (the bundled one; --rubric names your own)"
    assert done.code == 0


def test_no_rubric_is_taken_from_among_what_students_handed_in(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tiny(here / "class")
    monkeypatch.chdir(here / "class")
    done = run_here(Path(), Path("..") / "out")
    assert done.err.splitlines()[0].startswith("rubric: assignment1 ")


@pytest.mark.parametrize(("other", "says"), [(OTHER, "'Another: two functions'"), (WITH_MANUAL, "out of 16")])
def test_another_assignment_or_other_points_are_refused_in_the_same_folder(
    here: Path, tmp_path: Path, other: str, says: str
) -> None:
    batch("--rubric", tiny(tmp_path / "assignment"))
    before = scores(here)
    second = tiny(tmp_path / "other", other)
    (tmp_path / "other" / "tiny" / "more.py").write_text(
        "def twice(x):\n    return x\n\n\ndef minus(x):\n    return x\n"
    )
    done = batch("--rubric", second)
    assert done.code == 2
    assert all(each in done.err for each in (says, "out of 10", "-o", "--force"))
    assert scores(here) == before
    assert batch("--rubric", second, "--force").code == 0


def test_a_mended_rubric_is_no_other_assignment(here: Path, tmp_path: Path) -> None:
    batch("--rubric", tiny(tmp_path / "assignment"))
    mended = tiny(tmp_path / "other", RUBRIC.replace("Tiny", "Small").replace("points: 4}", "points: 4, hint: x}"))
    done = batch("--rubric", mended)
    assert done.code == 0, done.err
    assert "everyone is graded again" in done.err


def test_a_release_is_never_out_of_other_points_than_the_one_before(here: Path, tmp_path: Path) -> None:
    batch("--rubric", tiny(tmp_path / "assignment"))
    assert publish(here / "out").code == 0
    doubled = (
        RUBRIC.replace("points: 6", "points: 12")
        .replace("points: 4}", "points: 8}")
        .replace("points: 4\n", "points: 8\n")
    )
    more = tiny(tmp_path / "other", doubled.replace("points: 2,", "points: 4,"))
    assert batch("--rubric", more, "--force").code == 0
    done = publish(here / "out", "--reason", "More points.")
    assert done.code == 2
    assert "out of 10 points" in done.err
    assert not (here / "out" / "releases" / "2.csv").exists()


def test_a_killed_first_batch_leaves_nothing_that_asks_for_anything(here: Path) -> None:
    (here / "out" / "private").mkdir(parents=True)
    assert batch().code == 0


# -- versions ------------------------------------------------------------------------------------------------------


def test_where_only_versions_changed_nobody_is_graded_again_unless_somebody_asks(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch("--rubric", tiny(tmp_path / "assignment"))
    before = scores(here)
    monkeypatch.setattr("grader.classroom.store.fingerprint.__version__", "99.0")
    monkeypatch.setattr("grader.classroom.workers.grader.encode_grade", _lower)
    write(here, {"class/cy/hw1.py": RIGHT + "# new"})
    done = batch()
    assert "3 handed in, 1 graded in this run" in done.out
    assert "grades stay as they were made: grade " in done.out
    assert "by those 1 of 3 would have another score" in done.out
    assert "ada: 10 of 10, then 9 of 10" in done.out
    assert {each: scores(here)[each] for each in before} == before
    assert "would have another score" in batch().out
    again = batch("--regrade")
    assert "everyone is graded again: changed since the last run: the version of grade" in again.err
    assert scores(here)["ada"] == "9"
    assert "would have another score" not in batch().out


def _lower(grade: Grade) -> bytes:
    """As another version might grade: who had everything has a point less."""
    lower = msgspec.structs.replace(grade, score=Fraction(9)) if grade.score == 10 else grade
    return encode_grade(lower)


def test_a_changed_rubric_grades_again_whatever_the_versions(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch("--rubric", tiny(tmp_path / "assignment"))
    monkeypatch.setattr("grader.classroom.store.fingerprint.__version__", "99.0")
    mended = tiny(tmp_path / "other", RUBRIC.replace("points: 4}", "points: 4, hint: x}"))
    assert "the rubric, the version of grade" in batch("--rubric", mended).err
