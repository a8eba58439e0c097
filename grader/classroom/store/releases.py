"""What was published: the rows of each release, as they stand in the store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from grader.classroom.store.database import Database


class PublishedRow(NamedTuple):
    """What one release said of one student."""

    number: int  #: of the release
    student: str
    entry: bytes  #: the gradebook's row, encoded
    found: str  #: the score as graded then, which may be lower than the published one
    note: str  #: for the student's report; empty where nothing changed


class Note(NamedTuple):
    """What a release says on a student's report."""

    number: int
    student: str
    at: str
    note: str


class ReleaseSummary(NamedTuple):
    """One release."""

    number: int
    at: str
    reason: str
    rows: int


class ReleaseTable:
    """Releases count from 1; each holds the rows that it changed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def next_number(self) -> int:
        """The number of the next release."""
        number: int = self._database.ask("SELECT ifnull(max(number), 0) + 1 FROM release")[0][0]
        return number

    def keep(self, number: int, at: str, plan: str, reason: str, rows: Iterable[PublishedRow]) -> None:
        """Keep a release: all of it, or nothing."""
        self._database.change(
            ("INSERT INTO release VALUES (?, ?, ?, ?)", (number, at, plan, reason)),
            *(("INSERT INTO published VALUES (?, ?, ?, ?, ?)", tuple(row)) for row in rows),
        )

    def plans(self) -> list[str]:
        """By which plans releases were graded, the oldest first."""
        return [plan for (plan,) in self._database.ask("SELECT plan FROM release GROUP BY plan ORDER BY min(number)")]

    def rows(self) -> Iterator[PublishedRow]:
        """All that was ever published, the oldest first."""
        query = "SELECT number, student, entry, found, note FROM published ORDER BY number"
        return (PublishedRow(*row) for row in self._database.walk(query))

    def notes(self, student: str | None = None) -> list[Note]:
        """What releases say on reports, empty notes too: of one student or of all, the oldest first."""
        query = """SELECT number, student, at, note FROM published JOIN release USING (number)
                   WHERE ?1 IS NULL OR student = ?1 ORDER BY number"""
        return [Note(*row) for row in self._database.ask(query, student)]

    def summaries(self) -> list[ReleaseSummary]:
        """Every release, with how many rows it has."""
        query = """SELECT number, at, reason, count(student) FROM release LEFT JOIN published USING (number)
                   GROUP BY number ORDER BY number"""
        return [ReleaseSummary(*row) for row in self._database.ask(query)]
