"""The evening on the page about publishing, command by command, from Canvas's download to the CSV that goes back."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
import shutil
from pathlib import Path

import pytest
from classroom.evening import ABSENT, EXCUSED, POINTS, SAMPLES, UNLISTED, evening
from click.testing import CliRunner
from docs.pages import lines_of, run

from grader.cli import main


class Desk:
    """The instructor's folder, and what was said there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.kinds = evening(folder)
        self.left = lines_of("evening")

    def next(self, expected: str, code: int = 0) -> str:
        """Run the next command, which should begin so; gives what it printed."""
        command = self.left.pop(0)
        assert command.startswith(f"grade {expected}"), command
        done = run(command, self.folder)
        assert done.returncode == code, command + done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr

    def table(self, name: str, delimiter: str = ",") -> list[dict[str, str]]:
        text = (self.folder / name).read_bytes().decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))

    def grades(self) -> dict[int, dict[str, str]]:
        return {int(row["id"]): row for row in self.table("results/grades.csv")}

    def repair(self, kind: str) -> int:
        """Put a repaired copy of the one submission of this sort beside the decisions; gives whose it is."""
        (student,) = (number for number, each in self.kinds.items() if each == kind)
        copy = self.folder / "results" / "decisions" / "fixes" / str(student)
        shutil.copytree(SAMPLES / "right_script", copy, ignore=shutil.ignore_patterns("expected.yaml"))
        (copy / "fix.yaml").write_text('deduction: 5\nwho: ann\npublic comment: "A bracket was missing."\n')
        return student

    def fill_in(self, grader: str) -> None:
        """Give ten points where something was handed in, and none elsewhere."""
        name = f"results/decisions/points/{grader}.csv"
        rows = self.table(name)
        with (self.folder / name).open("w", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            for row in rows:
                level = "complete" if row["attachment"].endswith(".pdf") else "nothing"
                writer.writerow({**row, "level": level})


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("evening"))


def test_each_command_of_the_evening_has_the_options_that_it_is_given() -> None:
    for command in lines_of("evening"):
        _, word, *rest = shlex.split(command)
        told = CliRunner().invoke(main, [word, "--help"])
        assert told.exit_code == 0, command
        missing = [each for each in rest if each.startswith("--") and each.partition("=")[0] not in told.output]
        assert missing == [], command


def test_an_evening_from_the_download_to_the_upload(desk: Desk) -> None:
    said = desk.next("batch")
    assert "60 handed in, 60 graded in this run" in said
    assert "2 handed in nothing" in said
    assert "softmax: a batch of rows" in said  # suspect
    assert {row["status"] for row in desk.grades().values()} == {"awaiting", "nothing handed in"}

    assert re.match(r"1\. softmax: \d+ students", desk.next("groups"))
    assert "gain" in desk.next("compare")

    mended = desk.repair("syntax_error")
    said = desk.next("batch")
    assert "everyone is graded again: changed since the last run: the rubric" in said
    assert "suspect" not in said

    assert "ann: 30 to do, 0 done" in desk.next("marking")
    for grader in ("ann", "bo"):
        desk.fill_in(grader)
    said = desk.next("batch")
    assert "60 handed in, 0 graded in this run" in said
    grades = desk.grades()
    right = {number for number, kind in desk.kinds.items() if kind in ("right", "twin") or kind.startswith("right_")}
    assert {grades[number]["score"] for number in right if number % 2} == {str(POINTS)}
    assert {grades[number]["score"] for number in right if not number % 2} == {str(POINTS - 10)}
    assert grades[mended]["score"] == str(POINTS - (5 if mended % 2 else 15))
    assert "graded as repaired by ann" in grades[mended]["remarks"]

    said = desk.next("publish")
    assert "release 1: " in said
    desk.next("gradebook")
    check_upload(desk, grades)

    assert "identical" in desk.next("student")
    requests = "student,function,question,answer,decision\n1018,softmax,May I see it?,Of course.,The points stay.\n"
    (desk.folder / "results" / "decisions" / "requests.csv").write_text(requests)
    desk.next("publish")
    report = json.loads((desk.folder / "results" / "feedback" / "1018.json").read_text())
    assert any("The points stay." in each["text"] for each in report["decisions"])
    assert desk.left == []


def check_upload(desk: Desk, grades: dict[int, dict[str, str]]) -> None:
    """Every cell but ours is as it was; nobody got a zero by accident."""
    before, after = desk.table("gradebook.csv", ";"), desk.table("upload.csv", ";")
    ours = "Homework 1 (12)"
    assert [{**row, ours: ""} for row in before] == [{**row, ours: ""} for row in after]
    for was, row in zip(before, after, strict=True):
        number = int(row["ID"] or 0)
        score = grades[number]["score"].replace(".", ",") if number in desk.kinds else was[ours]
        assert row[ours] == score
    cells = {int(row["ID"]): row[ours] for row in after if row["ID"]}
    assert {cells[number] for number in ABSENT - {EXCUSED}} == {""}
    assert cells[EXCUSED] == "EX"
    assert not UNLISTED & cells.keys()
