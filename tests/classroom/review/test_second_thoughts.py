"""Comparing and replaying read the store alone, change nothing, and name what differs."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from classroom.classes import REFERENCE, RIGHT, RUBRIC, WRONG, graded, tiny, write
from click.testing import CliRunner, Result

from grader.classroom.store import fingerprint
from grader.cli import main
from grader.grading import allowance
from grader.inputs.draws import DRAWS_VERSION
from grader.plan.plan import Truths

pytestmark = pytest.mark.usefixtures("nearby")

HALF = RIGHT.replace("return -x", "return -x / 2")
#: A reference after which what was wrong is right, and what was right is wrong.
TRIPLE = REFERENCE.replace("2 * x", "3 * x")
FILES = {"ada.py": RIGHT, "bo.py": WRONG, "cy.py": HALF}


@pytest.fixture
def rubric(tmp_path: Path) -> Path:
    return tiny(tmp_path / "assignment")


@pytest.fixture
def out(tmp_path: Path, rubric: Path) -> Path:
    """A class that has been graded, whose files are gone."""
    graded(write(tmp_path / "class", FILES), tmp_path / "out", rubric)
    shutil.rmtree(tmp_path / "class")
    return tmp_path / "out"


def grade(*words: object) -> Result:
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert "Traceback" not in result.output
    return result


def other(folder: Path, rubric: str = RUBRIC, reference: str = REFERENCE) -> Path:
    """Another rubric of the same name, with its reference."""
    (folder / "tiny").mkdir(parents=True)
    (folder / "tiny" / "functions.py").write_text(reference)
    (folder / "tiny.yaml").write_text(rubric)
    return folder / "tiny.yaml"


def state(out: Path) -> dict[str, str]:
    """Every file that could matter, by its digest; the database by what it holds."""
    files = {
        str(p): hashlib.sha256(p.read_bytes()).hexdigest() for p in out.rglob("*") if p.suffix in (".csv", ".json")
    }
    with closing(sqlite3.connect(out / "private" / "grades.db")) as db:
        return files | {"db": digest("\n".join(db.iterdump()).encode())}


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


# -- compare -------------------------------------------------------------------------------------------------------


def test_the_same_rubric_makes_no_difference(out: Path, rubric: Path) -> None:
    assert "3 compared: 0 would lose, 0 would gain" in grade("compare", out, "--rubric", rubric).output


def test_another_reference_says_who_gains_who_loses_and_by_which_check(out: Path, tmp_path: Path) -> None:
    text = grade("compare", out, "--rubric", other(tmp_path / "new", reference=TRIPLE)).output
    assert "2 would lose, 1 would gain" in text
    assert "  double: an array: 2 lose, 1 gain" in text
    assert text.index("would lose:") < text.index("ada: 10 of 10, then 4 of 10") < text.index("would gain:")
    assert "bo: 4 of 10, then 10 of 10\n      double: an array: 0, then 4" in text


def test_other_points_are_compared_too(out: Path, tmp_path: Path) -> None:
    head, _, tail = RUBRIC.rpartition("{value: an array, points: 4}")
    generous = head.replace("points: 4\n", "points: 6\n") + "{value: an array, points: 6}" + tail
    text = grade("compare", out, "--rubric", other(tmp_path / "new", generous)).output
    assert "the most that can be had: 10, then 12" in text
    assert "negate: an array: 0 lose, 2 gain" in text


def test_comparing_changes_nothing(out: Path, tmp_path: Path) -> None:
    before = state(out)
    grade("compare", out, "--rubric", other(tmp_path / "new", reference=TRIPLE))
    assert state(out) == before


def test_a_broken_rubric_is_said_as_always(out: Path, tmp_path: Path) -> None:
    result = grade("compare", out, "--rubric", other(tmp_path / "new", RUBRIC.replace("points: 6", "points: 7")))
    assert result.exit_code == 3


# -- replay --------------------------------------------------------------------------------------------------------


def test_a_replay_of_what_was_graded_is_identical(out: Path) -> None:
    before = state(out)
    result = grade("student", out, "cy", "--replay")
    assert result.exit_code == 0
    assert result.output.startswith("identical: cy has 6 of 10 points")
    assert "numpy" in result.output
    assert "isolation" in result.output
    assert state(out) == before


@pytest.mark.parametrize(
    "answer", ["np.full(x.shape, np.nan)", "np.full(x.shape, np.inf)", "x[99]", "'two'", "[x, None]"]
)
def test_a_replay_of_strange_answers_is_identical(tmp_path: Path, rubric: Path, answer: str) -> None:
    strange = RIGHT.replace("return 2 * x", f"return {answer}")
    graded(write(tmp_path / "class", {"ada.py": strange}), tmp_path / "out", rubric)
    assert grade("student", tmp_path / "out", "ada", "--replay").output.startswith("identical: ada has 4 of 10 points")


def test_a_replay_holds_calls_against_the_numbers_that_were_kept(
    tmp_path: Path, rubric: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long the reference takes on the machine that replays."""
    burn = (
        "import time\n    end = time.process_time() + 0.05\n    while time.process_time() < end: pass\n    return 2 * x"
    )
    monkeypatch.setattr(allowance, "FIRST_SECONDS", 0.01)
    monkeypatch.setattr(Truths, "seconds_of", lambda *_: 0.001)
    graded(write(tmp_path / "class", {"ada.py": RIGHT.replace("return 2 * x", burn)}), tmp_path / "out", rubric)
    monkeypatch.setattr(Truths, "seconds_of", lambda *_: 0.00001)
    assert grade("student", tmp_path / "out", "ada", "--replay").output.startswith("identical: ada has 10 of 10 points")


def test_a_replay_takes_the_stored_rubric_not_todays(out: Path, rubric: Path) -> None:
    shutil.rmtree(rubric.parent)
    assert grade("student", out, "bo", "--replay").output.startswith("identical")


def test_a_grade_that_was_tampered_with_is_told_apart_check_by_check(out: Path) -> None:
    """The planted fault: ada's row holds bo's grade."""
    with closing(sqlite3.connect(out / "private" / "grades.db")) as db, db:
        contents = dict(db.execute("SELECT json_extract(students, '$[0].id'), content FROM handed"))
        wrong = db.execute("SELECT grade, sha256 FROM result WHERE content = ?", (contents["bo"],)).fetchone()
        db.execute("UPDATE result SET grade = ?, sha256 = ? WHERE content = ?", (*wrong, contents["ada"]))
    result = grade("student", out, "ada", "--replay")
    assert result.exit_code == 1
    assert "total: 4 of 10, now 10 of 10" in result.output
    assert "double: an array: wrong (0 of 4), now right (4 of 4)" in result.output


def test_a_version_that_differs_is_said_beside_todays(out: Path) -> None:
    with closing(sqlite3.connect(out / "private" / "grades.db")) as db, db:
        db.execute("UPDATE plan SET parts = json_set(parts, '$.numpy', '1.0.0')")
    result = grade("student", out, "ada", "--replay")
    assert result.output.startswith("identical")
    assert "1.0.0, now " in result.output


def test_a_store_whose_inputs_were_drawn_in_another_way_says_so(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "inputs are drawn in another way since then"
    assert said not in grade("student", out, "ada", "--replay").output
    monkeypatch.setattr(fingerprint, "DRAWS_VERSION", DRAWS_VERSION + 1)
    assert said in grade("student", out, "ada", "--replay").output


def test_an_unknown_student_is_a_wrong_call(out: Path) -> None:
    result = grade("student", out, "adda", "--replay")
    assert result.exit_code == 2
    assert "ada" in result.stderr


@pytest.mark.parametrize("words", [("student", "ada", "--replay"), ("groups",), ("compare", "--rubric", "tiny.yaml")])
def test_results_without_bytes_say_how_to_get_them(
    out: Path, rubric: Path, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As an older grade left them."""
    monkeypatch.chdir(rubric.parent)
    with closing(sqlite3.connect(out / "private" / "grades.db")) as db, db:
        db.execute("DELETE FROM content")
    result = grade(words[0], out, *words[1:])
    assert result.exit_code == 2
    assert "--force" in result.stderr
