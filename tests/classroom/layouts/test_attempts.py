"""Of several attempts the newest counts in every layout, and whatever stays behind is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from classroom.classes import RIGHT, WRONG, graded, table, tiny, write

from grader.classroom.intake.tree import open_tree
from grader.classroom.layouts.recognise import read_class

#: Each with the entries of bo, the one that counts first, and of others.
ATTEMPTS = {
    "canvas": (["libo_1235_508_hw1-1.py", "libo_1235_507_hw1.py"], ["ada_1234_506_hw1.py"]),
    "canvas-quiz": (
        ["li_bo1235_question_55_801_hw1.py", "li_bo1235_question_55_778_hw1.py"],
        ["ada1234_question_55_777_hw1.py", "cy1236_question_55_779_hw1.py"],
    ),
    "blackboard": (
        ["HW 1_bo_attempt_2026-10-03-09-01-00_hw1.py", "HW 1_bo_attempt_2026-10-01-23-01-00_hw1.py"],
        ["HW 1_ada_attempt_2026-10-02-17-34-00_hw1.py"],
    ),
    "brightspace": (
        ["7-1 - Bo Li - Oct 3, 2026 901 AM/hw1.py", "7-1 - Bo Li - Oct 3, 2026 1201 AM/hw1.py"],
        ["8-1 - Ada - Oct 1, 2026 1201 AM/hw1.py"],
    ),
    "brightspace, flat": (
        ["7-1 - Bo Li - Oct 3, 2026 901 AM - hw1.py", "7-1 - Bo Li - Sep 30, 2026 1145 PM - hw1.py"],
        ["8-1 - Ada - Oct 1, 2026 1201 AM - hw1.py"],
    ),
    "ilias": (
        ["li_bo_bo02_1235/20261003_hw1.py", "li_bo_bo02_1235/20261001_hw1.py"],
        ["by_ada_ada_1236/20261001_hw1.py"],
    ),
    "google": (["Bo Li - hw1 (2).py", "Bo Li - hw1 (1).py", "Bo Li - hw1.py"], ["Ada Byron - hw1.py"]),
    "files": (["bo (1).py", "bo.py"], ["ada.py"]),
    "copies of a folder": (["bo (1)/hw1.py", "bo/hw1.py"], ["ada/hw1.py"]),
    "folders by day": (["bo/2026-10-03/hw1.py", "bo/2026-10-01/hw1.py"], ["ada/2026-10-02/hw1.py"]),
    "folders by hour": (["bo/2026-10-03 0901/hw1.py", "bo/2026-10-03 0801/hw1.py"], ["ada/hw1.py"]),
    "folders by number": (["bo/attempt 10/hw1.py", "bo/attempt 9/hw1.py"], ["ada/hw1.py"]),
    "as in Teams": (["bo/HW 1/Version 2/hw1.py", "bo/HW 1/Version 1/hw1.py"], ["ada/HW 1/Version 1/hw1.py"]),
    "in sections": (["A/bo/v2/hw1.py", "A/bo/v1/hw1.py", "A/di/hw1.py"], ["B/ada/hw1.py", "B/cy/hw1.py"]),
}


@pytest.mark.parametrize("name", ATTEMPTS)
def test_the_newest_counts_and_it_is_said(tmp_path: Path, name: str) -> None:
    mine, others = ATTEMPTS[name]
    files = {place: f"{RIGHT}# {number}" for number, place in enumerate([*mine, *others])}
    listing = read_class(open_tree(write(tmp_path, files)), "hw1", wanted={"double": ("double",)})
    (found,) = (each for each in listing.handed if any(mine[0].startswith(part.place) for part in each.parts))
    assert len(found.parts) == 1
    assert any("newest" in each for each in found.remarks)
    assert not any(part.place.startswith(tuple(mine[1:2])) for each in listing.handed for part in each.parts)


def test_a_number_in_brackets_alone_is_nobodys_copy(tmp_path: Path) -> None:
    listing = read_class(open_tree(write(tmp_path, {"bo (1).py": "", "ada.py": ""})), "hw1")
    assert [each.id for each in listing.handed] == ["ada", "bo (1)"]


@pytest.mark.usefixtures("nearby")
@pytest.mark.parametrize("old", ["hw1_old.py", "old/hw1.py", "hw1 - Copy.py", "backup/hw1.py"])
def test_an_old_copy_beside_a_new_file_changes_no_score_and_is_told(tmp_path: Path, old: str) -> None:
    folder = write(tmp_path / "class", {"ada/hw1.py": RIGHT, f"ada/{old}": WRONG, "bo/hw1.py": RIGHT})
    graded(folder, tmp_path / "out", tiny(tmp_path / "assignment"))
    row = table(tmp_path / "out")["ada"]
    assert row["score"] == "10"
    assert f"graded: the one in hw1.py; there is another in {old}" in row["remarks"]


@pytest.mark.usefixtures("nearby")
def test_two_files_of_one_name_are_both_looked_at(tmp_path: Path) -> None:
    """Two attempts of which no date is known: one is graded, and it is said which."""
    names = [f"{who} {day}, 2026 901 AM/hw1.py" for who, day in (("7-1 - Bo - Okt", 3), ("7-1 - Bo - Okt", 1))]
    folder = write(
        tmp_path / "class", {names[0]: RIGHT, names[1]: WRONG, "8-1 - Ada - Oct 1, 2026 901 AM/hw.py": RIGHT}
    )
    graded(folder, tmp_path / "out", tiny(tmp_path / "assignment"))
    assert "there is another in" in table(tmp_path / "out")["7"]["remarks"]
