"""The file of a class's store: opened, asked, changed as a whole or not at all; SQLite's faults told as ours."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from grader.classroom.store.schema import VERSION, WrongDatabaseError, bring_up_to_date
from grader.errors import GradeError, HarnessError, UsageError

BUSY_SECONDS = 5.0
Statement = tuple[str, tuple[Any, ...]]


class Database:
    """An SQLite file of this grade's version, or brought up to it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._translating():
            self.connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
            self._open()

    def _open(self) -> None:
        try:
            bring_up_to_date(self.connection)
        except WrongDatabaseError as error:
            raise UsageError(
                f"{self.path}: holds {error}, and this grade writes version {VERSION}: give another folder with -o, or "
                "move this file away to grade the class anew"
            ) from None
        self.connection.execute("PRAGMA journal_mode = WAL")
        # In WAL mode a kill loses nothing; a power cut the last moments.
        self.connection.execute("PRAGMA synchronous = NORMAL")

    def close(self) -> None:
        """Close the file; everything in it is on disk already."""
        self.connection.close()

    def ask(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """All rows that a query finds."""
        with self._translating():
            return self.connection.execute(query, values).fetchall()

    def walk(self, query: str, *values: Any) -> Iterator[tuple[Any, ...]]:
        """The rows that a query finds, one after the other."""
        with self._translating():
            yield from self.connection.execute(query, values)

    def change(self, *statements: Statement) -> None:
        """Change all of this or nothing."""
        self.change_all(statements)

    def change_all(self, statements: Iterable[Statement]) -> None:
        """The same for any number of statements, which need not be there all at once."""
        with self._translating(), self._whole():
            for statement, values in statements:
                self.connection.execute(statement, values)

    def wipe(self) -> None:
        """Write the file anew, so that no byte of what was deleted is left in it, or beside it."""
        with self._translating():
            self.connection.execute("VACUUM")
            self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def _whole(self) -> Iterator[None]:
        self.connection.execute("BEGIN")
        try:
            yield
        except BaseException:
            if self.connection.in_transaction:  # a full disk may have ended it already
                self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    @contextmanager
    def _translating(self) -> Iterator[None]:
        """SQLite's faults as ours, each with what to do."""
        try:
            yield
        except sqlite3.Error as error:
            raise _fault(self.path, error) from error


def _fault(path: Path, error: sqlite3.Error) -> GradeError:
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return HarnessError(f"{path}: another program holds this database; close it, then run the same command again")
    if name.startswith(("SQLITE_FULL", "SQLITE_IOERR")):
        return HarnessError(
            f"{path}: can't be written ({error}); is the disk full? What was graded is kept: make room, then run the "
            "same command again"
        )
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return UsageError(f"{path}: can't be written ({error}); give another folder with -o")
    if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
        return UsageError(
            f"{path}: is no sound database ({error}); move it away to grade the class anew, or give another folder "
            "with -o"
        )
    return HarnessError(f"{path}: {error}")
