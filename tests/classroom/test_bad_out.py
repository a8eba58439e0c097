"""Results that can't be used end every command in one sentence with what to do, and stay as they were."""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from classroom.classes import RIGHT, WRONG, graded, table, tiny, write
from click.testing import CliRunner

from grader.classroom.store.lock import lock
from grader.cli import main

pytestmark = pytest.mark.usefixtures("nearby")

COMMANDS: dict[str, tuple[str, ...]] = {
    "batch": ("batch", "class", "-o", "out", "-j", "1"),
    "status": ("status", "out"),
    "publish": ("publish", "out"),
    "undo": ("publish", "out", "--undo"),
    "student": ("student", "out", "ada"),
    "replay": ("student", "out", "ada", "--replay"),
    "export": ("student", "out", "ada", "--export", "ada.zip"),
    "erase": ("student", "out", "ada", "--erase", "--yes"),
    "gradebook": ("gradebook", "out", "export.csv", "-o", "filled.csv"),
    "marking": ("marking", "out", "--graders", "ann"),
    "groups": ("groups", "out"),
    "compare": ("compare", "out", "--rubric", "assignment/tiny.yaml"),
    "archive": ("archive", "out", "-o", "x.zip"),
}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(tmp_path / "class", {"ada.py": RIGHT, "bo.py": WRONG})
    write(tmp_path, {"export.csv": "id,HW\nada,\n"})
    graded(tmp_path / "class", tmp_path / "out", tiny(tmp_path / "assignment"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused(name: str) -> str:
    done = CliRunner().invoke(main, list(COMMANDS[name]))
    assert done.exit_code == 2, done.output
    assert "fault of the grader" not in done.output
    assert len(done.stderr.splitlines()) <= 3
    return done.stderr


def test_results_of_a_newer_version_are_refused_and_kept(desk: Path) -> None:
    path = desk / "out" / "private" / "grades.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 999")
        database.commit()
    for name in COMMANDS:
        assert "version 999 of grade's results" in refused(name)
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT count(*) FROM result").fetchone() == (2,)


@pytest.mark.parametrize("data", [b"half a database", b"SQLite format 3\0" + bytes(50)])
def test_half_written_results_are_named(desk: Path, data: bytes) -> None:
    path = desk / "out" / "private" / "grades.db"
    path.write_bytes(data)
    for name in COMMANDS:
        assert str(path.relative_to(desk)) in refused(name)
    assert path.read_bytes() == data


@pytest.mark.parametrize("is_there", [True, False])
def test_a_store_that_lost_what_was_published_is_refused_before_anything_is_written(desk: Path, is_there: bool) -> None:
    assert CliRunner().invoke(main, list(COMMANDS["publish"])).exit_code == 0
    before = (desk / "out" / "feedback" / "ada.json").read_bytes()
    path = desk / "out" / "private" / "grades.db"
    path.unlink()
    if is_there:
        path.write_bytes(b"")
    again = [*COMMANDS["batch"], "--rubric", "assignment/tiny.yaml"]
    done = CliRunner().invoke(main, again)
    assert done.exit_code == 2
    assert "knows nothing of what was published in out/releases" in done.stderr
    assert (desk / "out" / "feedback" / "ada.json").read_bytes() == before
    (desk / "out" / "releases").rename(desk / "releases")
    assert CliRunner().invoke(main, again).exit_code == 0


def test_while_another_run_is_at_work_nothing_is_touched(desk: Path) -> None:
    before = table(desk / "out")
    with lock(desk / "out"):
        for name in COMMANDS:
            assert "another run" in refused(name)
    assert table(desk / "out") == before


def test_a_disk_that_can_only_be_read_is_named(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = os.open

    def read_only(path: Any, flags: int, *rest: Any, **more: Any) -> int:
        if flags & (os.O_RDWR | os.O_WRONLY | os.O_CREAT) and "out" in Path(str(path)).parts:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))
        return opened(path, flags, *rest, **more)

    monkeypatch.setattr(os, "open", read_only)
    for name in COMMANDS:
        assert "can't be written here: Read-only file system" in refused(name)


def test_a_folder_without_results_says_how_to_make_them(desk: Path) -> None:
    (desk / "out").rename(desk / "elsewhere")
    for name in COMMANDS.keys() - {"batch"}:
        assert "grade batch FOLDER -o out" in refused(name)


def test_a_roster_that_lacks_who_was_graded_takes_nothing_from_them(desk: Path) -> None:
    write(desk, {"roster.csv": "id\nbo\nzoe\n"})
    done = CliRunner().invoke(main, [*COMMANDS["batch"], "--roster", "roster.csv"])
    assert done.exit_code == 0
    rows = table(desk / "out")
    assert (rows["ada"]["score"], rows["zoe"]["status"]) == ("10", "nothing handed in")
    assert "not on the roster" in rows["ada"]["remarks"]
