"""With --pseudonyms a log names nobody, and the instructor knows who is meant."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from classroom.classes import RIGHT, WRONG, Ran, run_here, table, tiny, write

pytestmark = pytest.mark.usefixtures("nearby")

METADATA = "".join(
    f"submission_{at}:\n  :submitters:\n  - :name: {name}\n    :sid: '{sid}'\n    :email: {sid}@example.edu\n"
    for at, (sid, name) in enumerate(
        {"kx101": "Adalbert Byronson", "kx102": "Boris Liangovich", "kx103": "Cynthia Twomblyova"}.items()
    )
)
WORDS = ("kx10", "adalbert", "byronson", "boris", "liangovich", "cynthia", "twomblyova", "example.edu")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A class in which the third has a list's entry and no files, so that it isn't graded."""
    files = {
        "submission_metadata.yml": METADATA,
        "submission_0/adalbert_hw.py": RIGHT,
        "submission_1/boris_hw.py": WRONG,
        "liangovich.txt": "left out",
    }
    return write(tmp_path / "class", files)


def graded(folder: Path, *options: object) -> Ran:
    rubric = folder.parent / "assignment" / "tiny.yaml"
    if not rubric.exists():
        tiny(folder.parent / "assignment")
    return run_here(folder, folder.parent / "out", "--rubric", rubric, *options)


def kept(folder: Path) -> dict[str, str]:
    with (folder.parent / "out" / "private" / "pseudonyms.csv").open(newline="") as file:
        return {row["id"]: row["pseudonym"] for row in csv.DictReader(file)}


def test_nobody_is_named_in_what_is_said(folder: Path) -> None:
    open_ = graded(folder)
    assert all(word in (open_.out + open_.err).lower() for word in ("kx10", "adalbert", "liangovich"))
    done = graded(folder, "--pseudonyms")
    assert done.code == 4
    said = (done.out + done.err).lower()
    assert not [word for word in WORDS if word in said]
    assert f"  {kept(folder)['kx103']}: see grades.csv" in done.out
    assert "1 entries left out" in done.err


def test_only_the_private_folder_says_who_is_who_and_reports_stay_as_they_are(folder: Path) -> None:
    graded(folder, "--pseudonyms")
    names = kept(folder)
    assert set(names) == set(table(folder.parent / "out")) == {"kx101", "kx102", "kx103"}
    assert all(re.fullmatch(r"student-[0-9a-f]{6}", each) for each in names.values())
    shared = list((folder.parent / "out" / "private" / "preview").iterdir())
    assert len(shared) == 4
    assert not [path for path in shared if any(each in path.read_text() for each in names.values())]


def test_everybody_keeps_their_pseudonym_when_somebody_joins(folder: Path) -> None:
    graded(folder, "--pseudonyms")
    before = kept(folder)
    more = METADATA + "submission_9:\n  :submitters:\n  - :name: Dimitra\n    :sid: 'kx109'\n"
    write(folder, {"submission_metadata.yml": more, "submission_9/hw.py": RIGHT})
    graded(folder, "--pseudonyms")
    assert {student: kept(folder)[student] for student in before} == before
    assert len(set(kept(folder).values())) == 4


@pytest.mark.parametrize("named", ["kx101x", "Adalbert", "kx102@example.edu", "Boris LIANGOVICH"])
def test_a_fault_names_nobody(folder: Path, named: str) -> None:
    """A row of requests.csv that fits nobody is shown, with whom it might mean."""
    graded(folder)
    table = f"student,function,question,answer,decision\n{named},double,Why?,,\n"
    write(folder.parent / "out", {"decisions/requests.csv": table})
    assert named in graded(folder).err
    done = graded(folder, "--pseudonyms")
    assert done.code == 2
    assert "requests.csv:2" in done.err
    said = (done.out + done.err).replace(str(folder.parent), "").lower().replace("kx101x", "")  # that is nobody's
    assert not [word for word in WORDS if word in said]


def test_who_stands_in_a_table_and_not_in_the_class_is_counted_and_not_named(folder: Path) -> None:
    rubric = tiny(folder.parent / "assignment")
    rubric.write_text(
        rubric.read_text() + "\nlate:\n  deadline: 2026-10-02 17:00\n  zone: UTC\n  penalty: 10 % per day\n"
    )
    write(folder.parent / "out", {"decisions/extensions.csv": "student,until\nkx104,2026-10-04 17:00\n"})
    assert "ids that nobody here has: kx104" in graded(folder).out
    assert "ids that nobody here has: 1 of them" in graded(folder, "--pseudonyms").out


def test_graders_who_disagree_are_counted_and_whom_about_is_not_said(folder: Path) -> None:
    rubric = tiny(folder.parent / "assignment")
    rubric.write_text(rubric.read_text() + "\nmanual:\n  the derivation: {points: 5}\n")
    for grader, given in (("ann", 5), ("bo", 3)):
        table = f"student,item,points,level,comment\nkx101,the derivation,{given},,\n"
        write(folder.parent / "out", {f"decisions/points/{grader}.csv": table})
    assert "'the derivation' of kx101" in graded(folder).out
    done = graded(folder, "--pseudonyms")
    assert "1 in decisions/points/" in done.out
    assert "kx10" not in done.out
