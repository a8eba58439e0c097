"""Where a download has names and no ids, the roster tells who it is; what could be the work of two is nobody's."""

from __future__ import annotations

from pathlib import Path

import pytest
from classroom.classes import RIGHT, WRONG, graded, table, tiny, write

pytestmark = pytest.mark.usefixtures("nearby")

ROSTER = (
    'id,name,email\n1,"Byron, Ada",a1@x.edu\n2,Ada Byron,a2@x.edu\n3,Bo Li,bo@x.edu\n'
    "4,Anne-Marie  Li,am@x.edu\n5,Cy Kim,cy@x.edu\n"
)


def grade(folder: Path, files: dict[str, str], roster: str = ROSTER) -> dict[str, tuple[str, str]]:
    """The class's status and score by id."""
    write(folder / "class", dict(files))
    write(folder, {"roster.csv": roster})
    rubric = folder / "assignment" / "tiny.yaml"
    graded(
        folder / "class",
        folder / "out",
        rubric if rubric.exists() else tiny(folder / "assignment"),
        roster=folder / "roster.csv",
    )
    return {key: (row["status"], row["score"]) for key, row in table(folder / "out").items()}


def test_a_name_becomes_the_rosters_id_and_one_of_two_people_awaits_a_person_for_both(tmp_path: Path) -> None:
    files = {
        "Ada Byron - hw.py": RIGHT,
        "Ada Byron - hw (1).py": WRONG,
        "Bo Li - hw.py": RIGHT,
        "Anne-Marie Li - hw.py": RIGHT,
        "Di Ross - hw.py": RIGHT,
    }
    undecided = {"1": ("awaiting", ""), "2": ("awaiting", "")}
    others = {
        "3": ("graded", "10"),
        "4": ("graded", "10"),
        "5": ("nothing handed in", ""),
        "Di Ross": ("graded", "10"),
    }
    assert grade(tmp_path, files) == undecided | others
    remarks = {row["remarks"] for key, row in table(tmp_path / "out").items() if key in undecided}
    assert "2 people on the roster are called Ada Byron: rename it to begin with an id" in remarks.pop()
    assert not remarks

    renamed = tmp_path / "class" / "a2@x.edu - hw.py"  # what keeps the name is the other Ada's then
    (tmp_path / "class" / "Ada Byron - hw.py").rename(renamed)
    assert grade(tmp_path, {}) == {"1": ("graded", "4"), "2": ("graded", "10")} | others


def test_work_under_a_name_and_under_an_id_of_the_same_person_awaits_one(tmp_path: Path) -> None:
    files = {"Bo Li - hw.py": RIGHT, "bo@x.edu - hw.py": WRONG, "Cy Kim - hw.py": RIGHT}
    found = grade(tmp_path, files, "id,name,email\n3,Bo Li,bo@x.edu\n5,Cy Kim,cy@x.edu\n")
    assert found == {"3": ("awaiting", ""), "5": ("graded", "10")}
