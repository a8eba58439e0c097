"""What was published: the rows of each release, as they stand in the store."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from grader.classroom.store.database import Database


class PublishedRow(NamedTuple):
    """What one release said of one student."""

    number: int  #: of the release
    student: str
    entry: bytes  #: the gradebook's row, encoded
    found: str  #: the score as graded then, which may be lower than the published one
    note: str  #: for the student's report; empty where nothing changed


class ReleaseNote(NamedTuple):
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
    undone: str  #: when it was taken back; empty while it stands


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
            ("INSERT INTO release (number, at, plan, reason) VALUES (?, ?, ?, ?)", (number, at, plan, reason)),
            *(("INSERT INTO published VALUES (?, ?, ?, ?, ?)", tuple(row)) for row in rows),
        )

    def plans(self) -> list[str]:
        """By which plans releases that stand were graded, the oldest first."""
        return [
            plan
            for (plan,) in self._database.ask(
                "SELECT plan FROM release WHERE undone = '' GROUP BY plan ORDER BY min(number)"
            )
        ]

    def plan_of(self) -> dict[int, str]:
        """By which plan each release that stands was graded."""
        return dict(self._database.ask("SELECT number, plan FROM release WHERE undone = '' ORDER BY number"))

    def undo(self, number: int, at: str) -> None:
        """Take a release back: its rows stay in the log, and nobody is told them any more."""
        self._database.change(
            ("UPDATE release SET undone = ? WHERE number = ?", (at, number)),
            ("DELETE FROM told WHERE number = ?", (number,)),
        )

    def rows(self) -> Iterator[PublishedRow]:
        """All that was published and stands, the oldest first."""
        query = """SELECT number, student, entry, found, note FROM published JOIN release USING (number)
                   WHERE undone = '' ORDER BY number"""
        return (PublishedRow(*row) for row in self._database.walk(query))

    def notes(self, student: str | None = None) -> list[ReleaseNote]:
        """What releases say on reports, empty notes too: of one student or of all, the oldest first."""
        query = """SELECT number, student, at, note FROM published JOIN release USING (number)
                   WHERE undone = '' AND (?1 IS NULL OR student = ?1) ORDER BY number"""
        return [ReleaseNote(*row) for row in self._database.ask(query, student)]

    def summaries(self) -> list[ReleaseSummary]:
        """Every release, those that were taken back too, with how many rows each has."""
        query = """SELECT number, at, reason, count(student), undone FROM release LEFT JOIN published USING (number)
                   GROUP BY number ORDER BY number"""
        return [ReleaseSummary(*row) for row in self._database.ask(query)]


class Told(NamedTuple):
    """What a student was given of a release."""

    number: int
    student: str
    made_of: str
    files: dict[str, bytes]  #: by the suffix of their names


class ToldTable:
    """The reports that students were given, so that a release that is taken back leaves what was there before."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, told: Told) -> None:
        """Keep what a student was given, in place of what the same release gave them before."""
        files = zlib.compress(msgspec.msgpack.encode(told.files))
        row = (told.number, told.student, told.made_of, files)
        self._database.change(("INSERT OR REPLACE INTO told VALUES (?, ?, ?, ?)", row))

    def made_of(self) -> dict[str, str]:
        """What the newest reports of each student were made of."""
        return dict(self._database.ask("SELECT student, made_of FROM told ORDER BY number"))

    def newest(self) -> Iterator[Told]:
        """The newest that each student was given."""
        query = "SELECT max(number), student, made_of, files FROM told GROUP BY student"
        for number, student, made_of, files in self._database.walk(query):
            yield Told(number, student, made_of, msgspec.msgpack.decode(zlib.decompress(files), type=dict[str, bytes]))
