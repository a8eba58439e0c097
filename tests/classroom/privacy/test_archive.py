"""The archive tells the next team what happened, and nobody's name."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from classroom.classes import REFERENCE, RIGHT, WRONG, graded, tiny, write
from click.testing import CliRunner, Result

from grader.cli import main
from grader.plan.assignment import load_assignment

pytestmark = pytest.mark.usefixtures("nearby")

PEOPLE = {
    "kx101": "Adalbert Byronson",
    "kx102": "Boris Liangovich",
    "kx103": "Cynthia Twomblyova",
    "kx104": "Dimitra Primarosa",
    "kx105": "Eveline Ardenhall",
    "kx106": "Florian Hymanbaum",
}
SECRET = "a_word_of_a_submission"


@pytest.fixture
def rubric(tmp_path: Path) -> Path:
    return tiny(tmp_path / "assignment")


def decided(tmp_path: Path, rubric: Path, reason: str = "It was too strict.", people: int = 6) -> Path:
    """A class with two releases, the second for a reason, and a dispute."""
    ids = list(PEOPLE)[:people]
    sources = {each: (WRONG if each == "kx103" else RIGHT) + f"\n{SECRET}_{at} = 1\n" for at, each in enumerate(ids)}
    out, roster = tmp_path / "out", tmp_path / "roster.csv"
    roster.write_text("id,name,email\n" + "".join(f"{each},{PEOPLE[each]},{each}@example.edu\n" for each in PEOPLE))
    graded(
        write(tmp_path / "class", {f"{each}.py": text for each, text in sources.items()}), out, rubric, roster=roster
    )
    grade("publish", out)
    write(out, {"decisions/requests.csv": "student,function,question,answer,decision\nkx103,double,Why?,No,stays\n"})
    write(tmp_path / "class", {"kx103.py": RIGHT + f"\n{SECRET} = 1\n"})
    graded(tmp_path / "class", out, rubric, roster=roster)
    grade("publish", out, "--reason", reason)
    return out


def grade(*words: object, code: int = 0) -> Result:
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result


def archived(out: Path) -> dict[str, bytes]:
    grade("archive", out, "-o", out.parent / "hw1.zip")
    with zipfile.ZipFile(out.parent / "hw1.zip") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def read(files: dict[str, bytes], name: str) -> Any:
    return json.loads(files[name])


@pytest.mark.parametrize(
    "reason", ["Adalbert was right.", "see KX104's mail", "Write to kx105@example.edu", "twomblyova"]
)
def test_the_archive_names_nobody(tmp_path: Path, rubric: Path, reason: str) -> None:
    """Every id, name, part of a name and mail address is searched, and the submissions' code."""
    out = decided(tmp_path, rubric, reason)
    store = b"".join(path.read_bytes() for path in (out / "private").glob("grades.db*"))
    files = archived(out)
    everything = b"\n".join([*(name.encode() for name in files), *files.values()]).lower()
    for student, name in PEOPLE.items():
        for word in (student, f"{student}@example.edu", name, *name.split()):
            assert word.lower().encode() not in everything, word
            assert word.encode() in store  # the search finds what it looks for
    assert SECRET.encode() not in everything
    assert read(files, "decisions.json")["releases"][1]["reason"] == "(left out: it names somebody)"


def test_the_archive_has_all_to_start_from(tmp_path: Path, rubric: Path) -> None:
    files = archived(decided(tmp_path, rubric))
    assert files["tiny.yaml"] == rubric.read_bytes()
    assert files["tiny/functions.py"] == REFERENCE.encode()
    for name in ("tiny.yaml", "tiny/functions.py"):
        write(tmp_path / "next", {name: files[name]})
    assert load_assignment(str(tmp_path / "next" / "tiny.yaml")).rubric.points == 10
    assert set(read(files, "versions.json")) >= {"grader", "python", "numpy", "rubric", "reference"}
    decisions = read(files, "decisions.json")
    assert [(each["number"], each["reason"], each["rows"]) for each in decisions["releases"]] == [
        (1, "", 6),
        (2, "It was too strict.", 1),
    ]
    assert decisions["rows_of_tables"] == {"requests.csv": 1}


def test_the_statistics_count_students(tmp_path: Path, rubric: Path) -> None:
    out = decided(tmp_path, rubric, people=5)
    write(tmp_path / "class", {"kx105.py": WRONG, "kx104.py": WRONG})
    graded(tmp_path / "class", out, rubric, roster=tmp_path / "roster.csv")
    numbers = read(archived(out), "statistics.json")
    assert (numbers["students"], numbers["with_a_score"], numbers["handed_in_nothing"]) == (6, 5, 1)
    assert (numbers["mean"], numbers["median"]) == (7.6, 10)
    double, negate = numbers["functions"]
    assert (double["name"], double["points"], double["mean"]) == ("double", 6, 3.6)
    assert double["verdicts"] == {"passed": 3, "failed": 2}
    assert double["wrong_checks"] == {"an array": 2, "an array that you see": 2}
    assert negate["verdicts"] == {"passed": 5}


def test_a_class_so_small_that_numbers_are_somebodys_has_none(tmp_path: Path, rubric: Path) -> None:
    numbers = read(archived(decided(tmp_path, rubric, people=4)), "statistics.json")
    assert set(numbers) == {"students", "left_out"}


@pytest.mark.parametrize("named", ["Boris Liangovich", "kx102@example.edu"])
def test_a_reference_that_names_a_student_is_refused_with_its_line(tmp_path: Path, rubric: Path, named: str) -> None:
    (rubric.parent / "tiny" / "functions.py").write_text(f"{REFERENCE}\n# after an idea of {named}\n")
    out = decided(tmp_path, rubric)
    result = grade("archive", out, "-o", tmp_path / "hw1.zip", code=2)
    assert f"tiny/functions.py:{REFERENCE.count(chr(10)) + 2}: names a student" in result.output
    assert not (tmp_path / "hw1.zip").exists()


def test_a_word_that_is_also_an_id_is_pointed_out(tmp_path: Path, rubric: Path) -> None:
    (rubric.parent / "tiny" / "functions.py").write_text(f"# kx102\n{REFERENCE}")
    result = grade("archive", decided(tmp_path, rubric), "-o", tmp_path / "hw1.zip")
    assert "look at tiny/functions.py:1: 'kx102' is also a student's id" in result.output


def test_an_archive_is_a_zip(tmp_path: Path, rubric: Path) -> None:
    assert "name it so" in grade("archive", decided(tmp_path, rubric), "-o", tmp_path / "hw1.tar", code=2).output
