"""Which of several attempts counts is the rubric's to say; one that holds nothing never replaces one that does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from classroom.classes import RIGHT, RUBRIC, WRONG, Ran, run_here, table, tiny, write

pytestmark = pytest.mark.usefixtures("nearby")

LATE = f'{RUBRIC}\nlate: {{deadline: "2026-10-02 12:00", zone: UTC, penalty: 3 points per day}}\n'
NOTHING = "print('hello')\n"
#: Attempts of bo, the oldest first, each with its day; others hand in once.
DAYS = ("2026-10-01-10-00-00", "2026-10-02-11-00-00", "2026-10-03-09-00-00")


def attempts(folder: Path, *sources: str) -> Path:
    files = {f"HW 1_bo_attempt_{day}_hw1.py": f"{text}# {day}\n" for day, text in zip(DAYS, sources, strict=False)}
    return write(folder, {**files, f"HW 1_ada_attempt_{DAYS[0]}_hw1.py": RIGHT})


def batch(tmp_path: Path, *options: object) -> Ran:
    done = run_here(tmp_path / "class", tmp_path / "out", "-j", "1", *options)
    assert done.code == 0, done.err
    return done


def told(tmp_path: Path, student: str = "bo") -> list[str]:
    report = json.loads((tmp_path / "out" / "private" / "reports" / f"{student}.json").read_text())
    return [each["text"] for each in report.get("decisions", []) if each["text"].startswith("Attempt")]


#: The sources, then the score by each rule.
CASES = {
    "the newest is worse": ((RIGHT, WRONG), {"newest": "4", "best": "10", "newest on time": "4"}),
    "a perfect late one": ((WRONG, WRONG, RIGHT), {"newest": "7", "best": "7", "newest on time": "4"}),
    "a late one that is no better after lateness": ((RIGHT, WRONG, RIGHT), {"newest": "7", "best": "10"}),
    "the newest is empty": ((RIGHT, ""), {"newest": "10", "best": "10", "newest on time": "10"}),
    "the newest holds nothing": ((WRONG, RIGHT, NOTHING), {"newest": "10", "best": "10", "newest on time": "10"}),
    "none holds anything": ((NOTHING, NOTHING + "# again"), {"newest": "0", "best": "0", "newest on time": "0"}),
}


@pytest.mark.parametrize(("name", "rule"), [(name, rule) for name, (_, scores) in CASES.items() for rule in scores])
def test_the_rule_says_which_counts(tmp_path: Path, name: str, rule: str) -> None:
    sources, scores = CASES[name]
    attempts(tmp_path / "class", *sources)
    batch(tmp_path, "--rubric", tiny(tmp_path / "assignment", f"{LATE}\nattempts: {rule}\n"))
    assert table(tmp_path / "out")["bo"]["score"] == scores[rule]
    assert table(tmp_path / "out")["ada"]["score"] == "10"
    assert len(told(tmp_path)) == len(sources)
    assert sum("it counts" in each for each in told(tmp_path)) == 1


def test_reports_list_all_attempts_with_time_score_and_which_counts(tmp_path: Path) -> None:
    attempts(tmp_path / "class", WRONG, RIGHT, "")
    batch(tmp_path, "--rubric", tiny(tmp_path / "assignment", f"{RUBRIC}\nattempts: best\n"))
    assert told(tmp_path) == [
        "Attempt 1 of 3, 2026-10-01 10:00:00: 4 of 10 points.",
        "Attempt 2 of 3, 2026-10-02 11:00:00: 10 of 10 points; it counts.",
        "Attempt 3 of 3, 2026-10-03 09:00:00: 0 of 10 points.",
    ]
    assert told(tmp_path, "ada") == []


def test_that_an_earlier_one_counts_is_a_remark(tmp_path: Path) -> None:
    attempts(tmp_path / "class", RIGHT, NOTHING)
    batch(tmp_path, "--rubric", tiny(tmp_path / "assignment"))
    remarks = table(tmp_path / "out")["bo"]["remarks"]
    assert "attempt 1 of 2 counts: the newest holds none of the functions" in remarks
    assert "the newest of several" not in remarks


def test_the_command_stands_above_the_rubric_and_is_remembered(tmp_path: Path) -> None:
    attempts(tmp_path / "class", RIGHT, WRONG)
    batch(tmp_path, "--rubric", tiny(tmp_path / "assignment"), "--attempts", "best")
    assert table(tmp_path / "out")["bo"]["score"] == "10"
    batch(tmp_path)
    assert table(tmp_path / "out")["bo"]["score"] == "10"
    batch(tmp_path, "--attempts", "newest")
    assert table(tmp_path / "out")["bo"]["score"] == "4"


#: Of each LMS bo's attempts, a right one first and then one that holds nothing.
PLACES = {
    "canvas": (["libo_1235_507_hw1.py", "libo_1235_508_hw1-1.py"], ["ada_1234_506_hw1.py"]),
    "canvas-quiz": (
        ["li_bo1235_question_55_778_hw1.py", "li_bo1235_question_55_801_hw1.py"],
        ["ada1234_question_55_777_hw1.py", "cy1236_question_55_779_hw1.py"],
    ),
    "brightspace": (
        ["7-1 - Bo Li - Oct 3, 2026 1201 AM/hw1.py", "7-1 - Bo Li - Oct 3, 2026 901 AM/hw1.py"],
        ["8-1 - Ada - Oct 1, 2026 1201 AM/hw1.py"],
    ),
    "ilias": (
        ["li_bo_bo02_1235/20261001_hw1.py", "li_bo_bo02_1235/20261003_hw1.py"],
        ["by_ada_ada_1236/20261001_hw1.py"],
    ),
    "google": (["Bo Li - hw1.py", "Bo Li - hw1 (1).py"], ["Ada Byron - hw1.py"]),
    "files": (["bo.py", "bo (1).py"], ["ada.py"]),
    "copies of a folder": (["bo/hw1.py", "bo (1)/hw1.py"], ["ada/hw1.py"]),
    "folders by day": (["bo/2026-10-01/hw1.py", "bo/2026-10-03/hw1.py"], ["ada/2026-10-02/hw1.py"]),
    "folders by number": (["bo/attempt 9/hw1.py", "bo/attempt 10/hw1.py"], ["ada/hw1.py"]),
}


@pytest.mark.parametrize("name", PLACES)
def test_in_every_layout_an_attempt_that_holds_nothing_replaces_none(tmp_path: Path, name: str) -> None:
    (right, nothing), others = PLACES[name]
    write(tmp_path / "class", {right: RIGHT, nothing: NOTHING, **dict.fromkeys(others, WRONG)})
    batch(tmp_path, "--rubric", tiny(tmp_path / "assignment"))
    assert sorted(row["score"] for row in table(tmp_path / "out").values()) == sorted(["10", *["4"] * len(others)])


def test_files_that_were_not_handed_in_again_are_part_of_earlier_attempts(tmp_path: Path) -> None:
    one, other = RIGHT.split("def negate")
    files = {
        "libo_1235_507_a.py": one,
        "libo_1235_508_b.py": f"def negate{other}",
        "libo_1235_509_a-1.py": one.replace("2 * x", "3 * x"),
        "ada_1234_506_hw1.py": RIGHT,
    }
    write(tmp_path / "class", files)
    batch(tmp_path, "--rubric", tiny(tmp_path / "assignment"), "--attempts", "best")
    assert table(tmp_path / "out")["1235"]["score"] == "10"
    batch(tmp_path, "--attempts", "newest")
    assert table(tmp_path / "out")["1235"]["score"] == "4"


def test_a_group_s_earlier_submission_in_gradescope_counts_for_all_of_it(tmp_path: Path) -> None:
    who = ":submitters:\n  - :name: Bo\n    :sid: '2'\n  - :name: Cy\n    :sid: '3'"
    listing = "".join(
        f"submission_{number}:\n  {who}\n  :created_at: 2026-10-0{number} 10:00:00 Z\n" for number in (1, 2)
    )
    write(
        tmp_path / "class",
        {"submission_metadata.yml": listing, "submission_1/hw.py": RIGHT, "submission_2/hw.py": NOTHING},
    )
    batch(tmp_path, "--rubric", tiny(tmp_path / "assignment"))
    assert {student: row["score"] for student, row in table(tmp_path / "out").items()} == {"2": "10", "3": "10"}
