"""A whole class: everyone gets a grade or a reason, once; what didn't change is not graded again."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import active_children
from pathlib import Path
from typing import Any, TypeVar

import pytest
from classroom.classes import (
    BROKEN,
    DIES,
    HANGS,
    REFERENCE,
    RIGHT,
    RUBRIC,
    WRONG,
    class_page,
    command,
    graded,
    kept,
    on_demand,
    run,
    students,
    table,
    tiny,
    write,
    zipped,
)

from grader.classroom.decisions.reading import ClassDecisions
from grader.classroom.intake.model import Student, StudentSubmission, SubmittedFile
from grader.classroom.outputs.gradebook import gradebook_rows
from grader.classroom.run import grade_class
from grader.classroom.stages.order import ClassOrder
from grader.classroom.store.store import ReadSubmission, Store
from grader.classroom.workers.progress import Quiet
from grader.errors import AssignmentError, HarnessError, UsageError
from grader.sandbox import session
from grader.worker.shared.steps import Ended

T = TypeVar("T")
#: For what is no matter of processes.
nearby = pytest.mark.usefixtures("nearby")


@pytest.fixture
def rubric(tmp_path: Path) -> Path:
    return tiny(tmp_path / "assignment")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


class Listening(Quiet):
    """Keeps what is said, and calls back for each thing that was done."""

    def __init__(self, callback: Any = None) -> None:
        self.said: list[str] = []
        self._callback = callback

    def say(self, text: str) -> None:
        self.said.append(text)

    def each(self, what: str, things: Iterable[T], total: int) -> Iterator[T]:
        for thing in things:
            if self._callback is not None:
                self._callback(what)
            yield thing


def test_what_can_not_be_read_leaves_its_cell_empty_and_the_class_goes_on(
    tmp_path: Path, rubric: Path, out: Path
) -> None:
    folder = write(tmp_path / "class", {"ada.py": RIGHT, "bo.zip": b"no archive", "cy.py": WRONG})
    summary = graded(folder, out, rubric)
    assert ([entry.student.id for entry in summary.unreadable], summary.not_graded) == (["bo"], [])
    rows = table(out)
    assert (rows["bo"]["status"], rows["bo"]["score"]) == ("awaiting", "")
    assert [rows[name]["status"] for name in ("ada", "cy")] == ["graded", "graded"]


# -- one run -------------------------------------------------------------------------------------------------------


def test_one_bad_submission_spoils_nobody_elses_grade(tmp_path: Path, rubric: Path, out: Path) -> None:
    files: dict[str, str | bytes] = {
        "right.py": RIGHT,
        "wrong.py": WRONG,
        "hangs.py": HANGS,
        "dies.py": DIES,
        "broken.py": BROKEN,
        "empty.py": "",
        "damaged.zip": b"PK\x03\x04 no zip",
        "damaged.ipynb": "{",
        "0042/hw1.py": RIGHT,
        "no code/essay.txt": "I had no time.",
        "bomb.py": "(" * 5000,
    }
    summary = graded(write(tmp_path / "class", files), out, rubric)
    assert not summary.not_graded
    rows = table(out)
    assert {student: row["score"] for student, row in rows.items()} == {
        "right": "10",
        "wrong": "4",
        "hangs": "4",
        "dies": "4",
        "broken": "0",
        "empty": "",
        "damaged": "",
        "0042": "10",
        "no code": "",
        "bomb": "0",
    }
    awaiting = [student for student, row in rows.items() if row["status"] == "awaiting"]
    assert awaiting == ["damaged", "empty", "no code"]
    assert (rows["wrong"]["double"], rows["wrong"]["negate"]) == ("0", "4")
    assert "parse" in rows["broken"]["remarks"]


@nearby
def test_a_zip_of_a_class_gets_the_grades_of_its_folder(tmp_path: Path, rubric: Path, out: Path) -> None:
    files = {"ada/hw1.py": RIGHT, "bo/hw1.py": WRONG, "cy/hw1.py": BROKEN}
    graded(write(tmp_path / "class", files), out, rubric, seed=1)
    graded(zipped(tmp_path / "class.zip", files), tmp_path / "other", rubric, seed=1)
    assert table(out) == table(tmp_path / "other")


@nearby
def test_everyone_of_a_group_gets_a_row_and_a_report(tmp_path: Path, rubric: Path, out: Path) -> None:
    metadata = "submission_1:\n  :submitters:\n  - :name: Ada\n    :sid: '1'\n  - :name: Bo\n    :sid: '2'\n"
    folder = write(tmp_path / "class", {"submission_metadata.yml": metadata, "submission_1/hw.py": RIGHT})
    graded(folder, out, rubric)
    assert {student: row["score"] for student, row in table(out).items()} == {"1": "10", "2": "10"}
    assert {path.name for path in (out / "private" / "preview").iterdir()} == {"1.json", "1.md", "2.json", "2.md"}
    report = json.loads((out / "private" / "preview" / "2.json").read_text())
    assert (report["student"], report["submission"]) == ("2", "2")


@nearby
def test_who_handed_in_nothing_is_listed_without_points(tmp_path: Path, rubric: Path, out: Path) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text("id,name\nada,Ada Byron\nbo,=Bo()\n")
    summary = graded(write(tmp_path / "class", {"ada.py": RIGHT, "eve.py": RIGHT}), out, rubric, roster=roster)
    rows = table(out)
    assert (rows["bo"]["status"], rows["bo"]["score"], rows["bo"]["double"]) == ("nothing handed in", "", "")
    assert rows["bo"]["name"] == "'=Bo()"
    assert rows["ada"]["name"] == "Ada Byron"
    assert "not on the roster" in rows["eve"]["remarks"]
    assert [entry.student.id for entry in summary.absent] == ["bo"]


@nearby
def test_the_same_files_are_graded_once_and_said(tmp_path: Path, rubric: Path, out: Path) -> None:
    files = {"1_2_hw.py": RIGHT, "3_4_hw.py": RIGHT, "LATE_5_6_hw.py": WRONG}
    summary = graded(write(tmp_path / "class", files), out, rubric)
    rows = table(out)
    assert summary.graded == 2
    page = class_page(out)
    assert "1: the same files as 3" in page
    assert "3: the same files as 1" in page
    assert "the same files" not in (out / "grades.csv").read_text()
    assert [row["late"] for row in rows.values()] == ["", "", "late"]


@nearby
def test_the_same_source_is_known_in_whatever_archive_and_name_it_comes(
    tmp_path: Path, rubric: Path, out: Path
) -> None:
    first, second = (zipped(tmp_path / f"{n}.zip", {"hw1.py": RIGHT, "note.txt": n}).read_bytes() for n in "12")
    files: dict[str, str | bytes] = {
        "ada.zip": first,
        "bo.zip": second,
        "cy/main.py": RIGHT,
        "di.py": WRONG,
        "ed.zip": b"no zip",
    }
    graded(write(tmp_path / "class", files), out, rubric)
    page = class_page(out)
    assert "ada: the same files as bo and 1 more" in page
    assert "cy: the same files as ada and 1 more" in page
    assert page.count(": the same files as ") == 3


def test_the_row_of_each_of_many_equal_submissions_takes_no_more_memory_than_among_few(tmp_path: Path) -> None:
    """Of 10,000 twins each row once held the names of all others: 800 MB."""
    few, many = (_peak_for_each_row(Store(tmp_path / f"{count}.db"), count) for count in (200, 2_000))
    assert many < 1.5 * few


def _peak_for_each_row(store: Store, count: int) -> float:
    """Bytes at the most, while the gradebook of so many equal submissions is made, for each of them."""
    everyone = (StudentSubmission((Student(str(number)),), (SubmittedFile("a.py", "a.py"),)) for number in range(count))
    with store:
        store.keep_class(ReadSubmission(each, "the same", 1) for each in everyone)
        tracemalloc.start()
        try:
            assert len(gradebook_rows(store, "plan", None, ClassDecisions())) == count
            return tracemalloc.get_traced_memory()[1] / count
        finally:
            tracemalloc.stop()


def test_what_isnt_graded_has_no_points_and_comes_first_with_exit_4(tmp_path: Path, rubric: Path, out: Path) -> None:
    metadata = "submission_1:\n  :submitters:\n  - :sid: '1'\nsubmission_2:\n  :submitters:\n  - :sid: '2'\n"
    folder = write(tmp_path / "class", {"submission_metadata.yml": metadata, "submission_1/hw.py": RIGHT})
    done = run(folder, out, "--rubric", rubric)
    assert done.code == 4
    assert done.out.splitlines()[1].startswith("  2: it is listed, but")
    assert (table(out)["2"]["status"], table(out)["2"]["score"]) == ("not graded", "")
    assert table(out)["1"]["score"] == "10"
    assert not list((out / "private" / "preview").glob("2.*"))


NAMES = [
    "a\nb",
    "😀",
    "\u202eada",
    "=1+1",
    "é",
    "e\u0301",
    "x" * 250,
    "Ada",
    "ada",
    "ADA",
    "con",
    "-rf",
    "a" * 90 + "é",
]


@nearby
def test_whatever_a_student_is_called_they_get_reports_of_their_own(tmp_path: Path, rubric: Path, out: Path) -> None:
    names = [*NAMES, os.fsdecode(b"\xff\xfe")]
    folder = write(tmp_path / "class", {f"{name}/hw1.py": RIGHT for name in names})
    summary = graded(folder, out, rubric)
    assert len(summary.entries) == len(names)
    assert {entry.score for entry in summary.entries} == {10}
    files = [path.name for path in (out / "private" / "preview").iterdir()]
    assert len({name.casefold() for name in files}) == 2 * len(names)
    assert all(name.isascii() and name.isprintable() for name in files)
    cells = (out / "grades.csv").read_text().split(",")
    assert not any(cell.startswith(("=", "-", "\u202e")) for cell in cells)


@nearby
def test_private_things_are_for_their_owner_alone(tmp_path: Path, rubric: Path, out: Path) -> None:
    (out / "private").mkdir(parents=True, mode=0o755)
    graded(write(tmp_path / "class", {"ada.py": RIGHT}), out, rubric)
    assert (out / "private").stat().st_mode & 0o777 == 0o700


# -- limits --------------------------------------------------------------------------------------------------------


@nearby
def test_only_where_the_machine_had_no_memory_left_a_submission_is_graded_once_more(
    tmp_path: Path, rubric: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A limit of its own that it met, it would meet again."""
    monkeypatch.setattr(session, "_describe_exit", lambda *_: Ended("memory", session.NO_MEMORY_LEFT))
    large = RIGHT.replace("return 2 * x", "return np.ones(1 << 40)")
    folder = write(tmp_path / "class", {"ada.py": HANGS, "bo.py": large, "cy.py": DIES})
    first, again = Listening(), Listening()
    grade_class(ClassOrder(folder, out, str(rubric), jobs=1), first)
    tried = "second try for 1 submission that ran out of memory (limit 1,024 MiB each): cy"
    assert first.said.count(tried) == 1
    assert {student: row["double"] for student, row in table(out).items()} == {"ada": "0", "bo": "0", "cy": "0"}
    grade_class(ClassOrder(folder, out, str(rubric), jobs=1), again)
    assert tried not in again.said


# -- a second run --------------------------------------------------------------------------------------------------


@nearby
def test_a_second_run_grades_what_changed_and_nothing_else(tmp_path: Path, rubric: Path, out: Path) -> None:
    folder = write(tmp_path / "class", students(6, RIGHT, WRONG))
    assert graded(folder, out, rubric).graded == 6
    before = (out / "grades.csv").read_bytes()
    assert graded(folder, out, rubric).graded == 0
    assert (out / "grades.csv").read_bytes() == before
    write(folder, {"s001.py": RIGHT, "new.py": RIGHT})
    assert graded(folder, out, rubric).graded == 2
    assert (table(out)["s001"]["score"], table(out)["new"]["score"]) == ("10", "10")


@nearby
def test_one_changed_character_of_the_reference_grades_everyone_again_and_says_why(
    tmp_path: Path, rubric: Path, out: Path
) -> None:
    folder = write(tmp_path / "class", students(3, RIGHT))
    graded(folder, out, rubric)
    (rubric.parent / "tiny" / "functions.py").write_text(REFERENCE.replace("2 * x", "3 * x"))
    watch = Listening()
    summary = grade_class(ClassOrder(folder, out, str(rubric), jobs=2), watch)
    assert summary.graded == 3
    assert any("changed since the last run: the reference" in line for line in watch.said)
    assert {row["double"] for row in table(out).values()} == {"0"}


@nearby
def test_a_changed_file_of_a_second_reference_folder_grades_everyone_again(
    tmp_path: Path, rubric: Path, out: Path
) -> None:
    lent = write(rubric.parent / "lent", {"lent.py": "def halve(x):\n    return x / 2\n"})
    rubric.write_text(RUBRIC.replace("reference: tiny", "reference: [tiny, lent]"))
    folder = write(tmp_path / "class", students(2, RIGHT))
    assert graded(folder, out, rubric).graded == 2
    write(lent, {"lent.py": "def halve(x):\n    return x / 4\n"})
    assert graded(folder, out, rubric).graded == 2


@pytest.mark.parametrize("change", ["rubric", "data", "seed", "force", "sandbox"])
@nearby
def test_whatever_a_grade_depends_on_grades_everyone_again(
    tmp_path: Path, rubric: Path, out: Path, change: str
) -> None:
    folder = write(tmp_path / "class", students(2, RIGHT))
    graded(folder, out, rubric)
    options: dict[str, Any] = {"seed": {"seed": 7}, "force": {"force": True}, "sandbox": {"sandbox": "none"}}
    if change == "rubric":
        rubric.write_text(RUBRIC.replace("300 ms", "301 ms"))
    elif change == "data":
        (rubric.parent / "tiny" / "table.npy").write_bytes(b"1")
    assert graded(folder, out, rubric, **options.get(change, {})).graded == 2
    assert graded(folder, out, rubric, **{"sandbox": "none"} if change == "sandbox" else {}).graded == 0


def test_the_number_of_jobs_changes_no_result(tmp_path: Path, rubric: Path, out: Path) -> None:
    folder = write(tmp_path / "class", students(8, RIGHT, WRONG, BROKEN, DIES))
    write(folder, {"hangs.py": HANGS})
    other = tmp_path / "other"
    graded(folder, out, rubric, seed=1, jobs=1)
    graded(folder, other, rubric, seed=1, jobs=3)
    assert _without_seconds(out) == _without_seconds(other)


def _without_seconds(out: Path) -> dict[str, str]:
    files = [out / "grades.csv", *out.glob("private/preview/*"), *out.glob("private/reports/*")]
    took = re.compile(r'("seconds": |\btook\W+)[\d.]+')
    return {str(file.relative_to(out)): took.sub(r"\1", file.read_text()) for file in files}


@nearby
def test_a_class_keeps_its_draw(tmp_path: Path, rubric: Path, out: Path) -> None:
    folder = write(tmp_path / "class", students(1, WRONG))
    graded(folder, out, rubric)
    report = (out / "private" / "reports" / "s000.json").read_text()
    write(folder, {"s001.py": WRONG})
    graded(folder, out, rubric)
    other = (out / "private" / "reports" / "s001.json").read_text()
    assert _seed(report) == _seed(other)


def _seed(report: str) -> str:
    return next(line for line in report.splitlines() if '"seed"' in line)


@nearby
def test_missing_reports_are_written_again_and_those_of_the_gone_removed(
    tmp_path: Path, rubric: Path, out: Path
) -> None:
    folder = write(tmp_path / "class", students(3, RIGHT))
    graded(folder, out, rubric)
    (out / "private" / "preview" / "s001.md").unlink()
    (out / "private" / "preview" / "notes.md").write_text("the instructor's own")
    (out / "private" / "preview" / ".s001.md.1234abcd.tmp").write_text("half a rep")
    (folder / "s002.py").unlink()
    assert graded(folder, out, rubric).graded == 0
    assert {path.name for path in (out / "private" / "preview").iterdir()} == {
        *("s000.json", "s000.md", "s001.json", "s001.md"),
        "notes.md",
    }


def test_a_reference_that_changes_during_the_run_stops_it(tmp_path: Path, rubric: Path, out: Path) -> None:
    def change(what: str) -> None:
        if what == "grading":
            (rubric.parent / "tiny" / "functions.py").write_text(REFERENCE.replace("2 * x", "3 * x"))
            for process in active_children():
                process.kill()  # the next one would grade by another reference

    folder = write(tmp_path / "class", students(20, RIGHT))
    with pytest.raises(UsageError, match="if you changed a file meanwhile"):
        grade_class(ClassOrder(folder, out, str(rubric), jobs=2), Listening(change))


# -- stopped, and gone on --------------------------------------------------------------------------------------------


def test_workers_that_are_killed_take_nobody_with_them(tmp_path: Path, rubric: Path, out: Path) -> None:
    seen = 0

    def kill_some(what: str) -> None:
        nonlocal seen
        seen += what == "grading"
        if what == "grading" and seen in (2, 9):
            victim = min(active_children(), key=lambda process: process.pid or 0)
            victim.kill()

    folder = write(tmp_path / "class", students(20, RIGHT, WRONG))
    grade_class(ClassOrder(folder, out, str(rubric), jobs=2), Listening(kill_some))
    assert [row["score"] for row in table(out).values()] == ["10", "4"] * 10


@contextmanager
def ended(process: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    """A process that isn't left behind with its group, whatever becomes of the test."""
    with process:
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture
def heard() -> Iterator[None]:
    """Tests that run in the background ignore Ctrl-C, and so would what they start."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_cleanly_and_says_how_to_go_on(tmp_path: Path, rubric: Path, out: Path, stop: int) -> None:
    folder = write(tmp_path / "class", students(40, RIGHT, HANGS))
    call = command(folder, out, "--rubric", rubric)
    with ended(subprocess.Popen(call, stderr=subprocess.PIPE, text=True, start_new_session=True)) as process:
        while kept(out) < 2:
            assert process.poll() is None
            time.sleep(0.01)
        os.killpg(process.pid, stop) if stop == signal.SIGINT else process.send_signal(stop)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert said.splitlines()[-1].startswith("grade: stopped. What was graded is kept")
    assert "Traceback" not in said


# -- wrong calls ---------------------------------------------------------------------------------------------------


@nearby
def test_a_broken_rubric_or_reference_stops_the_class(tmp_path: Path, rubric: Path, out: Path) -> None:
    folder = write(tmp_path / "class", students(3, RIGHT))
    (rubric.parent / "tiny" / "functions.py").write_text(REFERENCE.replace("2 * x", "2 * y"))
    with pytest.raises(AssignmentError, match="double"):
        graded(folder, out, rubric)


@nearby
def test_a_gradebook_that_cant_be_written_is_no_wrong_call(tmp_path: Path, rubric: Path, out: Path) -> None:
    folder = write(tmp_path / "class", students(1, RIGHT))
    (out / "grades.csv").mkdir(parents=True)
    with pytest.raises(HarnessError, match=r"What was graded is kept"):
        graded(folder, out, rubric)
    (out / "grades.csv").rmdir()
    assert graded(folder, out, rubric).graded == 0


@nearby
def test_a_download_in_a_folder_of_its_own_is_graded_student_by_student(
    tmp_path: Path, rubric: Path, out: Path
) -> None:
    files = {f"name_{number}_{number}_hw1.py": f"{RIGHT}# {number}" for number in range(3)}
    write(tmp_path / "class" / "submissions", files)
    graded(tmp_path / "class", out, rubric)
    assert [row["score"] for row in table(out).values()] == ["10"] * 3


@nearby
def test_results_can_lie_in_the_class_folder_but_not_be_it(tmp_path: Path, rubric: Path) -> None:
    folder = write(tmp_path / "class", {"ada/hw1.py": RIGHT})
    for _ in range(2):
        graded(folder, folder / "results", rubric)
    assert set(table(folder / "results")) == {"ada"}
    with pytest.raises(UsageError, match="class folder itself"):
        graded(folder, folder, rubric)


def test_quiet_says_only_what_came_of_it(tmp_path: Path, rubric: Path, out: Path) -> None:
    done = run(write(tmp_path / "class", students(2, RIGHT)), out, "--rubric", rubric, "--quiet")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[0] == "2 handed in, 2 graded in this run"


def test_in_ci_each_step_says_how_far_it_is(tmp_path: Path, rubric: Path, out: Path) -> None:
    done = run(write(tmp_path / "class", students(2, RIGHT)), out, "--rubric", rubric)
    assert "one file per student, 2 submissions" in done.err
    assert "grading: 2 of 2" in done.err
    assert "\x1b" not in done.err


def test_in_a_terminal_a_bar_shows_the_way(tmp_path: Path, rubric: Path, out: Path) -> None:
    folder = write(tmp_path / "class", students(3, RIGHT))
    ours, theirs = pty.openpty()
    with open(ours, "rb", buffering=0) as terminal:  # noqa: PTH123 - a descriptor, not a path
        process = subprocess.Popen(command(folder, out, "--rubric", rubric), stderr=theirs, stdout=subprocess.DEVNULL)
        os.close(theirs)
        shown = b""
        with suppress(OSError):  # what a terminal says when the last writer has gone
            while chunk := terminal.read(1 << 16):
                shown += chunk
    assert process.wait() == 0
    assert b"3/3" in shown
    assert b"grading" in shown


def test_grading_one_submission_imports_nothing_of_a_class() -> None:
    code = "import sys, grader.cli; print([m for m in sys.modules if 'classroom' in m])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


@nearby
def test_the_instructors_markdown_is_made_when_somebody_asks_for_it_and_never_out_of_date(
    tmp_path: Path, rubric: Path, out: Path
) -> None:
    folder, reports = write(tmp_path / "class", {"ada.py": RIGHT}), out / "private" / "reports"
    graded(folder, out, rubric)
    assert {path.name for path in reports.iterdir()} == {"ada.json"}
    assert "10 of 10 points" in on_demand(out, "ada")
    assert {path.name for path in reports.iterdir()} == {"ada.json", "ada.md", "ada.html"}
    write(folder, {"ada.py": WRONG})
    graded(folder, out, rubric)
    assert {path.name for path in reports.iterdir()} == {"ada.json"}
