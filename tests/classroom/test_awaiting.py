"""What nobody but a person can read awaits one, by name; it is never a zero, and holds up nobody else."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from classroom.classes import RIGHT, RUBRIC, Ran, graded, run_here, table, tiny, write
from click.testing import CliRunner

from grader.classroom.workers import grader as working
from grader.cli import main
from grader.errors import HarnessError

pytestmark = pytest.mark.usefixtures("nearby")

UNREADABLE: dict[str, str | bytes] = {
    "bo/hw1.zip": b"PK\x03\x04 no zip",
    "cy/hw1.ipynb": '{"cells": [{"cell_type": "code", "source": "def dou',
    "di/report.pdf": b"%PDF-1.7\n\x00\xff",
    "ed/hw1.py": "",
}
CLASS: dict[str, str | bytes] = {
    "ada/hw1.py": RIGHT,
    "fi/.DS_Store": b"\0",
    "gu/hw2.py": "def triple(x):\n    return 3 * x\n",
}
NAMES = ["bo", "cy", "di", "ed"]
GRADEBOOK = "id,name,Tiny: two functions\n" + "".join(f"{each},,\n" for each in ["ada", *NAMES, "fi", "gu", "zoe"])


@pytest.fixture
def rubric(tmp_path: Path) -> Path:
    return tiny(tmp_path / "assignment", RUBRIC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "class", {**CLASS, **UNREADABLE})


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def publish(out: Path, *options: object) -> Ran:
    done = CliRunner().invoke(main, ["publish", str(out), *map(str, options)])
    return Ran(done.exit_code, done.stdout, done.stderr)


def published(out: Path, number: int = 1) -> dict[str, str]:
    rows = csv.DictReader((out / "releases" / f"{number}.csv").read_text().splitlines())
    return {row["id"]: row["score"] for row in rows}


def test_it_is_listed_by_name_at_the_end_with_what_was_found_and_its_cell_is_empty(
    folder: Path, out: Path, rubric: Path
) -> None:
    done = run_here(folder, out, "--rubric", rubric)
    assert done.code == 0
    told = done.out.splitlines()
    start = next(at for at, each in enumerate(told) if each.startswith("4 can't be read"))
    assert [each.split(":")[0].strip() for each in told[start + 1 : start + 5]] == NAMES
    assert "decisions/overrides.csv" in told[start + 5]
    rows = table(out)
    assert {(rows[each]["status"], rows[each]["score"], rows[each]["computed"]) for each in NAMES} == {
        ("awaiting", "", "")
    }
    assert "not a" in rows["bo"]["remarks"]


def test_it_is_not_graded_again_while_nothing_changes(folder: Path, out: Path, rubric: Path) -> None:
    assert graded(folder, out, rubric).graded == 6
    again = graded(folder, out, rubric)
    assert (again.graded, [each.student.id for each in again.unreadable]) == (0, NAMES)
    write(folder, {"cy/hw1.ipynb": RIGHT.encode()})
    (folder / "di" / "report.pdf").unlink()
    write(folder, {"di/hw1.py": RIGHT + "\n#"})
    assert "di" not in [each.student.id for each in graded(folder, out, rubric).unreadable]


def test_what_holds_nothing_is_handed_in_nothing_and_a_file_of_something_else_is_named(
    folder: Path, out: Path, rubric: Path
) -> None:
    done = run_here(folder, out, "--rubric", rubric)
    rows = table(out)
    assert (rows["fi"]["status"], rows["fi"]["score"]) == ("nothing handed in", "")
    assert (rows["gu"]["status"], rows["gu"]["score"]) == ("graded", "0")
    assert "perhaps the wrong file" in rows["gu"]["remarks"]
    told = done.out.splitlines()
    assert told[told.index("1 handed in nothing:") + 1] == "  fi"
    assert told[told.index("1 hold none of the functions, perhaps the wrong file:") + 1] == "  gu"


def test_an_empty_or_misspelt_function_is_no_wrong_file(tmp_path: Path, out: Path, rubric: Path) -> None:
    files = {
        "ada.py": "def double(x):\n    pass\n",
        "bo.py": "def Double(x):\n    return 2 * x\n",
        "cy.py": "def double(x:\n",
    }
    assert graded(write(tmp_path / "class", files), out, rubric).strange == []


def test_publishing_leaves_them_out_and_names_them(folder: Path, out: Path, rubric: Path) -> None:
    graded(folder, out, rubric)
    done = publish(out)
    assert done.code == 0
    assert published(out) == {"ada": "10", "fi": "", "gu": "0"}
    assert all(f"  {each}: " in done.out for each in NAMES)


def test_a_zero_for_want_of_work_touches_nobody_whose_work_cant_be_read(folder: Path, out: Path, rubric: Path) -> None:
    roster = folder.parent / "gradebook.csv"
    roster.write_text(GRADEBOOK)
    graded(folder, out, rubric, roster=roster)
    filled = folder.parent / "filled.csv"
    options = ("--gradebook", roster, "-o", filled, "--column", "Tiny: two functions", "--missing", "zero")
    assert publish(out, *options).code == 0
    rows = csv.DictReader(filled.read_text().splitlines())
    assert {row["id"]: row["Tiny: two functions"] for row in rows} == {
        "ada": "10",
        "gu": "0",
        "fi": "0",
        "zoe": "0",
        **dict.fromkeys(NAMES, ""),
    }


def test_points_of_a_person_or_a_repaired_copy_decide(folder: Path, out: Path, rubric: Path) -> None:
    graded(folder, out, rubric)
    write(
        out / "decisions",
        {
            "overrides.csv": "student,function,points,public comment\nbo,,7,Read it on paper.\n",
            "fixes/cy/hw1.py": RIGHT,
            "fixes/cy/fix.yaml": 'deduction: 1\nwho: ann\npublic comment: "It was cut off."\n',
        },
    )
    graded(folder, out, rubric)
    rows = table(out)
    assert [(rows[each]["status"], rows[each]["score"]) for each in ("bo", "cy", "di")] == [
        ("graded", "7"),
        ("graded", "9"),
        ("awaiting", ""),
    ]
    publish(out)
    assert published(out) == {"ada": "10", "bo": "7", "cy": "9", "fi": "", "gu": "0"}


def test_what_was_published_stays_when_something_unreadable_is_handed_in_after_it(
    tmp_path: Path, out: Path, rubric: Path
) -> None:
    folder = write(tmp_path / "class", {"ada/hw1.py": RIGHT, "bo/hw1.py": RIGHT + "#"})
    graded(folder, out, rubric)
    publish(out)
    write(folder, {"ada/hw1.py": b"\0\xff\0"})
    graded(folder, out, rubric)
    assert publish(out).code == 0
    assert published(out)["ada"] == "10"
    assert not (out / "releases" / "2.csv").exists()


def test_a_fault_of_ours_on_one_submission_holds_up_publishing(
    tmp_path: Path, out: Path, rubric: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise HarnessError("a fault of the grader itself")

    folder = write(tmp_path / "class", {"ada/hw1.py": RIGHT, "bo/hw1.py": RIGHT + "#"})
    graded(folder, out, rubric)
    write(folder, {"bo/hw1.py": RIGHT + "# new"})
    monkeypatch.setattr(working, "grade_submission", fail)
    done = run_here(folder, out, "--rubric", rubric)
    assert (done.code, table(out)["bo"]["status"]) == (4, "not graded")
    assert publish(out).code == 2
