"""The evening on the page about publishing, command by command, from Canvas's download to the CSV that goes back."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest
from classroom.evening import ABSENT, COUNT, EXCUSED, LATE, PAIRS, POINTS, UNLISTED, UNREADABLE, evening
from classroom.places import differences
from click.testing import CliRunner
from docs.pages import lines_of, run

from grader.cli import main

GRADERS = ("ann", "bo", "cy", "di", "ed", "flo")


class Desk:
    """The instructor's folder, and what was said there."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.out = folder, folder / "results"
        self.kinds = evening(folder)
        self.left = lines_of("evening")

    def next(self, expected: str, code: int = 0) -> str:
        """Run the next command, which should begin so; gives what it printed. All places then show the same scores."""
        command = self.left.pop(0)
        assert command.startswith(f"grade {expected}"), command
        done = run(command, self.folder)
        assert done.returncode == code, command + done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        assert differences(self.out) == {}, command
        return done.stdout + done.stderr

    def table(self, name: str, delimiter: str = ",") -> list[dict[str, str]]:
        text = (self.folder / name).read_bytes().decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))

    def grades(self) -> dict[int, dict[str, str]]:
        return {int(row["id"]): row for row in self.table("results/grades.csv")}

    def given(self) -> dict[str, bytes]:
        """What students were given, by file."""
        return {path.name: path.read_bytes() for path in (self.out / "feedback").glob("1*")}

    def fill_in(self, grader: str, wrong: str = "") -> None:
        """Give ten points where something was handed in, and none elsewhere; `wrong` in one of the rows.

        One grader has a spreadsheet in German, which saves another code, with semicolons.
        """
        name = f"results/decisions/points/{grader}.csv"
        delimiter = ";" if grader == "flo" else ","
        rows = [
            {**row, "level": "complete" if row["attachment"].endswith(".pdf") else "nothing", "comment": "Schön."}
            for row in self.table(name)
        ]
        if wrong:
            column, _, text = wrong.partition("=")
            rows[3] = {**rows[3], "level": "", column: text}
        text_ = io.StringIO(newline="")
        writer = csv.DictWriter(text_, rows[0], delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
        code = "cp1252" if grader == "flo" else "utf-8"
        (self.folder / name).write_bytes(text_.getvalue().encode(code))

    def disagree(self) -> None:
        """Let one of two graders give other points for what both have marked: "begun" counts 4, "complete" 10."""
        tables = {each: self.table(f"results/decisions/points/{each}.csv") for each in GRADERS[:5]}
        sound = {each: {row["student"]: row for row in (*rows[:3], *rows[4:])} for each, rows in tables.items()}
        first, second, student = next(
            (one, other, min(sound[one].keys() & sound[other].keys()))
            for one, other in combinations(sound, 2)
            if sound[one].keys() & sound[other].keys()
        )
        self.disputed = int(student), sound[first][student]["level"]
        sound[second][student]["level"] = "begun"
        self.keep(f"results/decisions/points/{second}.csv", tables[second])

    def settle(self) -> None:
        """Decide as the first of the two graders did."""
        name = "results/decisions/settled.csv"
        (row,) = self.table(name)
        student, level = self.disputed
        assert (int(row["student"]), len(row["gave"].split("; "))) == (student, 2)
        self.keep(name, [{**row, "level": level}])

    def keep(self, name: str, rows: list[dict[str, str]]) -> None:
        with (self.folder / name).open("w", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)

    def mend(self, grader: str, wrong: str) -> None:
        """Take the wrong text out of the row again, and give what belongs there."""
        path = self.folder / "results" / "decisions" / "points" / f"{grader}.csv"
        column, _, text = wrong.partition("=")
        rows = self.table(str(path.relative_to(self.folder)))
        known = {row["student"] for row in self.table("times.csv")}
        for row in rows:
            if row[column] == text:
                was = next(iter(known - {each["student"] for each in rows}), "") if column == "student" else ""
                level = "complete" if row["attachment"].endswith(".pdf") else "nothing"
                row.update({column: self.replaced if column == "student" else was, "level": level})
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)

    replaced = ""
    disputed = (0, "")


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
    unread = len(UNREADABLE)
    assert f"{COUNT} handed in, {COUNT - unread} graded in this run, {unread} can't be read" in said
    assert "2 handed in nothing" in said
    assert "negate: an array" in said  # suspect
    assert "6 can't be read, so a person has to decide" in said
    assert "students lost" in said

    said = desk.next("status")
    left = [line.split(". ", 1)[1] for line in said.splitlines() if re.match(r"  \d\. ", line)]
    assert left[:2] == [
        "6 can't be read, so a person has to decide",
        "1 check is suspect: mend the rubric, or say that it is right",
    ]
    assert "no known mistake explains" in left[2]
    assert left[3:4] == [f"{COUNT + len(PAIRS) - 6} still need marking by hand"]
    assert re.search(r"^1\. negate: \d+ students", desk.next("groups"), re.MULTILINE)
    assert "gain" in desk.next("compare")

    said = desk.next("batch")  # midnight: the rubric is mended
    assert "everyone is graded again: changed since the last run: the rubric" in said
    assert "suspect" not in said

    assert desk.next("marking").count(" to do, 0 done") == len(GRADERS)
    due = Counter(len(desk.table(f"results/decisions/points/{each}.csv")) for each in GRADERS)
    assert sum(size * many for size, many in due.items()) == COUNT + 15  # 5 % twice
    wrong = {"ann": "points=eleven", "bo": "student=1O18", "cy": "level=compleet"}
    desk.replaced = desk.table("results/decisions/points/bo.csv")[3]["student"]
    for grader in GRADERS:
        desk.fill_in(grader, wrong.get(grader, ""))
    desk.disagree()
    said = desk.next("batch")
    assert f"{COUNT} handed in, 0 graded in this run" in said
    assert all(f"decisions/points/{grader}.csv:5: " in said for grader in wrong)
    assert re.search(r"1[2-5] marked twice", said)
    for grader, text in wrong.items():
        desk.mend(grader, text)
    said = desk.next("batch")
    assert "can't be taken" not in said
    assert "15 marked twice: 14 alike" in said
    assert "graders disagree once: say what counts" in said
    assert "1 row to fill in" in desk.next("marking")
    desk.settle()
    assert "graders disagree" not in desk.next("batch")
    check_grades(desk)

    grades = desk.grades()
    said = desk.next("publish")
    assert f"release 1: {COUNT + len(PAIRS) + len(ABSENT) - len(UNREADABLE)} new" in said
    desk.next("gradebook")
    check_upload(desk, grades)

    student = 1040
    assert "identical" in desk.next("student")
    requests = f"student,function,question,answer,decision\n{student},double,May I see it?,Of course.,You are right.\n"
    (desk.out / "decisions" / "requests.csv").write_text(requests)
    given = f"student,function,points,public comment\n{student},double,6,A dispute.\n"
    (desk.out / "decisions" / "overrides.csv").write_text(given)
    first = desk.given()
    assert "release 2: 0 new, 1 changed" in desk.next("publish")  # a dispute, decided
    assert desk.grades()[student]["score"] == "10"
    report = json.loads((desk.out / "feedback" / f"{student}.json").read_text())
    assert any("You are right." in each["text"] for each in report["decisions"])

    assert "release 1 stands again" in desk.next("publish")
    assert desk.given() == first
    assert desk.grades()[student]["score"] == "4"
    assert "release 3: 0 new, 1 changed" in desk.next("publish")
    assert desk.grades()[student]["score"] == "10"

    desk.next("student")
    assert not list(desk.out.rglob("1200.*"))
    assert "nothing is left to do" not in desk.next("status")  # six can't be read
    desk.next("gradebook")
    cells = {row["ID"]: row["Homework 1 (12)"] for row in desk.table("upload.csv", ";")}
    assert cells["1200"] == ""
    assert cells["1199"] == desk.grades()[1199]["score"].replace(".", ",")
    assert desk.left == []


def check_grades(desk: Desk) -> None:
    """Each sort of submission has the points that it should have."""
    grades = desk.grades()
    for number, kind in desk.kinds.items():
        if kind == "odd":
            assert (grades[number]["status"], grades[number]["score"]) == ("awaiting", "")
            continue
        computed = {"right": 10, "wrong": 4, "hangs": 4, "half": 6}[kind]
        late, derivation = 2 * (number in LATE), 10 * (number % 2)
        assert grades[number]["score"] == str(max(computed + derivation - late, 0)), (number, kind, grades[number])
    for one, other in PAIRS.items():
        assert grades[other]["score"] == grades[one]["score"]


def check_upload(desk: Desk, grades: dict[int, dict[str, str]]) -> None:
    """Every cell but ours is as it was; nobody got a zero by accident."""
    before, after = desk.table("gradebook.csv", ";"), desk.table("upload.csv", ";")
    ours = "Homework 1 (12)"
    assert [{**row, ours: ""} for row in before] == [{**row, ours: ""} for row in after]
    graded = {*desk.kinds, *PAIRS.values()}
    for was, row in zip(before, after, strict=True):
        number = int(row["ID"] or 0)
        score = grades[number]["score"].replace(".", ",") if number in graded else was[ours]
        assert row[ours] == score
    cells = {int(row["ID"]): row[ours] for row in after if row["ID"]}
    assert {cells[number] for number in ABSENT - {EXCUSED}} == {""}
    assert cells[EXCUSED] == "EX"
    assert not UNLISTED & cells.keys()
    assert POINTS == 20
