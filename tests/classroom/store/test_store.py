"""The store keeps every result, and where it can't, one message says why and what to do."""

from __future__ import annotations

import resource
import sqlite3
import subprocess
from pathlib import Path

import pytest
from classroom.classes import RIGHT, WRONG, command, graded, run, students, table, tiny, write
from unmeasured import environment

from grader.classroom.intake.model import Student, StudentSubmission, SubmittedFile
from grader.classroom.store.fingerprint import what_changed
from grader.classroom.store.lock import lock
from grader.classroom.store.schema import VERSION
from grader.classroom.store.store import GradingResult, ReadSubmission, Store
from grader.errors import HarnessError, UsageError

PLAN = "f" * 64


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "grades.db")


def handed(name: str) -> StudentSubmission:
    return StudentSubmission(
        (Student(name, "Ada", "ada@example.edu"),), (SubmittedFile(f"{name}.py", f"{name}.py"),), True, ("a remark",)
    )


def test_what_was_handed_in_comes_back_with_its_result(store: Store) -> None:
    odd = StudentSubmission((Student("1"), Student("2")), (SubmittedFile("\udcff/\n.py", "\udcff.py"),))
    store.keep_class(
        [
            ReadSubmission(handed("ada"), "c1", 1),
            ReadSubmission(odd, "c2", 2),
            ReadSubmission(handed("bo"), None, fault="unreadable"),
        ]
    )
    store.keep(PLAN, GradingResult("c1", "passed", "", b"grade"))
    rows = store.rows(PLAN)
    assert [row.handed for row in rows] == [handed("ada"), odd, handed("bo")]
    assert [(row.content, row.files, row.verdict, row.fault) for row in rows] == [
        ("c1", 1, "passed", ""),
        ("c2", 2, "", ""),
        (None, 0, "", "unreadable"),
    ]
    assert (store.blob(PLAN, "c1"), store.blob(PLAN, "c2"), store.blob("other", "c1")) == (b"grade", None, None)


def test_a_result_counts_for_its_plan_alone_and_a_newer_one_replaces_it(store: Store) -> None:
    store.keep_class([ReadSubmission(handed("ada"), "c1", 1)])
    store.keep(PLAN, GradingResult("c1", "timeout", "timeout", b"first"))
    store.keep(PLAN, GradingResult("c1", "passed", "", b"second"))
    (row,) = store.rows(PLAN)
    assert (row.verdict, store.blob(PLAN, "c1")) == ("passed", b"second")
    assert store.rows("other")[0].verdict == ""


def test_the_store_knows_what_is_still_to_do(store: Store) -> None:
    names = ("new", "ours", "slow", "done")
    store.keep_class(
        [*(ReadSubmission(handed(name), name, 1) for name in names), ReadSubmission(handed("unread"), None, fault="x")]
    )
    for content, verdict, suspect in (
        ("ours", "not_graded", ""),
        ("slow", "partly", "timeout"),
        ("done", "failed", ""),
    ):
        store.keep(PLAN, GradingResult(content, verdict, suspect))
    assert [row.content for row in store.ungraded(PLAN)] == ["new", "ours"]
    assert [row.content for row in store.suspects(PLAN, "timeout")] == ["slow"]
    assert [row.content for row in store.ungraded("other")] == list(names)


def test_the_draw_is_made_once_and_kept_until_another_is_asked_for(tmp_path: Path) -> None:
    draws = []
    for asked in (None, None, 7, None):
        with Store(tmp_path / "grades.db") as store:
            draws.append(store.seed(asked))
    assert draws[0] == draws[1]
    assert draws[2:] == [7, 7]


def test_two_classes_have_two_draws(tmp_path: Path) -> None:
    assert Store(tmp_path / "1.db").seed(None) != Store(tmp_path / "2.db").seed(None)


def test_what_changed_is_said_in_words() -> None:
    before = {"rubric": "a", "reference": "b", "numpy": "2.0"}
    assert (
        what_changed(before, {"rubric": "a", "reference": "c", "numpy": "2.1"}) == "the reference, the version of numpy"
    )


# -- faults --------------------------------------------------------------------------------------------------------


def test_a_database_of_another_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "grades.db"
    Store(path).close()
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    before = path.read_bytes()
    with pytest.raises(UsageError, match=rf"version 99 .* writes version {VERSION}"):
        Store(path)
    assert path.read_bytes() == before


def test_a_database_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "grades.db"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE birds (name TEXT)")
    db.close()
    with pytest.raises(UsageError, match="no results of grade"):
        Store(path)


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "grades.db"
    path.write_text("my notes " * 1000)
    with pytest.raises(UsageError, match="no sound database"):
        Store(path)
    assert path.read_text() == "my notes " * 1000


def test_a_database_that_another_program_holds_is_our_fault_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.classroom.store.database.BUSY_SECONDS", 0.1)
    path = tmp_path / "grades.db"
    Store(path).close()
    with Store(path) as store:
        holder = sqlite3.connect(path, isolation_level=None)
        holder.execute("BEGIN EXCLUSIVE")
        with pytest.raises(HarnessError, match="another program holds"):
            store.keep(PLAN, GradingResult("c", "passed"))
        holder.close()
        store.keep(PLAN, GradingResult("c", "passed"))


def test_a_full_disk_says_what_is_kept_and_what_to_do(store: Store) -> None:
    store.keep(PLAN, GradingResult("c1", "passed", "", b"1"))
    store._database.connection.execute("PRAGMA max_page_count = 20")  # SQLite's own way of being full
    with pytest.raises(HarnessError, match="is the disk full"):
        store.keep(PLAN, GradingResult("c2", "passed", "", b"2" * 100_000))
    assert store.blob(PLAN, "c1") == b"1"


def test_a_disk_that_fills_up_during_a_run_loses_nothing_that_was_graded(tmp_path: Path) -> None:
    rubric, out = tiny(tmp_path / "assignment"), tmp_path / "out"
    folder = write(tmp_path / "class", students(12, RIGHT, WRONG))

    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (120_000, resource.RLIM_INFINITY))

    full = run(folder, out, "--rubric", rubric, preexec_fn=small_files, env=environment())
    assert full.code == 4
    assert "run the same command again" in full.err.replace("\n", " ")
    assert "Traceback" not in full.err
    assert graded(folder, out, rubric).graded < 12
    assert [row["score"] for row in table(out).values()] == ["10", "4"] * 6


@pytest.mark.parametrize("place", ["/proc/out", "a file", "a file/out"])
def test_results_that_cant_be_written_are_a_wrong_call(tmp_path: Path, place: str) -> None:
    (tmp_path / "a file").write_text("")
    out = tmp_path / place  # an absolute place stays as it is
    with pytest.raises(UsageError, match="results can't be written here"), lock(out):
        pass


def test_a_database_that_may_only_be_read_is_a_wrong_call(tmp_path: Path) -> None:
    path = tmp_path / "grades.db"
    path.mkdir()
    with pytest.raises(UsageError, match="-o"):
        Store(path)


def test_of_two_runs_at_once_the_second_says_so_and_stops(tmp_path: Path) -> None:
    rubric, out = tiny(tmp_path / "assignment"), tmp_path / "out"
    folder = write(tmp_path / "class", students(2, RIGHT))
    with lock(out):
        second = run(folder, out, "--rubric", rubric)
    assert (second.code, second.err.splitlines()[-1].partition(": ")[2]) == (
        2,
        f"{out}: another run is grading into this folder; wait for it, or give another with -o",
    )
    assert graded(folder, out, rubric).graded == 2


def test_the_lock_of_a_killed_run_is_free(tmp_path: Path) -> None:
    rubric, out = tiny(tmp_path / "assignment"), tmp_path / "out"
    folder = write(tmp_path / "class", students(30, RIGHT))
    with subprocess.Popen(command(folder, out, "--rubric", rubric), stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        process.stderr.readline()
        process.kill()
    assert graded(folder, out, rubric).handed_in == 30
