"""The results store: OUT/private/grades.db, the only truth from which every report of a class is made.

SQLite in WAL mode, one transaction for each submission, so that a kill at any moment loses what was in flight and
nothing else. A result is kept under what was handed in (`Bundle.content`) and how it was graded (the plan's
fingerprint): whoever hands in the same bytes has the same result, and a change of the plan makes every result an old
one.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import msgspec

from grader.classroom.intake.model import Handed
from grader.classroom.intake.repairs import Replaced
from grader.classroom.store.encoding import decode_points, encode_points
from grader.classroom.store.schema import VERSION, WrongDatabaseError, bring_up_to_date
from grader.errors import GradeError, HarnessError, UsageError
from grader.verdict import Verdict

_BUSY_SECONDS = 5.0
NOT_GRADED = Verdict.NOT_GRADED.value


class Result(msgspec.Struct, frozen=True):
    """What came of grading one content."""

    content: str
    verdict: str
    suspect: str = ""
    blob: bytes | None = None
    fault: str = ""
    bundle: bytes | None = None  #: what was graded, packed

    @property
    def sha256(self) -> str:
        """Of the grade; empty where there is none."""
        return hashlib.sha256(self.blob).hexdigest() if self.blob else ""


class Read(msgspec.Struct, frozen=True):
    """What became of reading a submission."""

    handed: Handed
    content: str | None  #: of what is to be graded
    files: int = 0
    fault: str = ""
    replaced: Replaced | None = None  #: what was handed in, where it isn't what is graded


class Row(msgspec.Struct, frozen=True):
    """One submission of the class, and what came of it."""

    handed: Handed
    content: str | None  #: of what is graded
    files: int  #: of source; with none of them there was nothing to grade
    verdict: str  #: empty where it wasn't graded yet
    sha256: str  #: of the grade; empty where there is none
    fault: str  #: why there is none
    original: str | None = None  #: content of what was handed in, where a repaired copy of it is graded
    diff: str = ""  #: from that to the copy

    @property
    def handed_in(self) -> str | None:
        """The content of what was handed in."""
        return self.original or self.content


class Store:
    """The database of one class, open for one run."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._speaking():
            self._db = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
            self._open()

    def _open(self) -> None:
        try:
            bring_up_to_date(self._db)
        except WrongDatabaseError as error:
            raise UsageError(
                f"{self.path}: holds {error}, and this grade writes version {VERSION}: give another folder with -o, or "
                "move this file away to grade the class anew"
            ) from None
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute(
            "PRAGMA synchronous = NORMAL"
        )  # in WAL mode a kill loses nothing; a power cut the last moments

    def close(self) -> None:
        """Close the database; everything in it is on disk already."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- the draw and the plan -------------------------------------------------------------------------------------

    def seed(self, asked: int | None) -> int:
        """The class's draw: the one asked for, else the one that was kept, else a new one. It is kept."""
        with self._speaking():
            kept = self._db.execute("SELECT value FROM setting WHERE name = 'seed'").fetchone()
            seed = asked if asked is not None else int(kept[0]) if kept else secrets.randbits(48)
            self._db.execute("INSERT OR REPLACE INTO setting VALUES ('seed', ?)", (str(seed),))
        return seed

    def keep_plan(self, fingerprint: str, parts: dict[str, str], luggage: bytes) -> dict[str, str] | None:
        """Keep what a fingerprint stands for; gives the parts of the plan before it, None where there was none."""
        before = self.ask("SELECT parts FROM plan WHERE fingerprint = (SELECT value FROM setting WHERE name = 'plan')")
        self.change(
            ("INSERT OR REPLACE INTO plan VALUES (?, ?, ?)", (fingerprint, json.dumps(parts), luggage)),
            ("INSERT OR REPLACE INTO setting VALUES ('plan', ?)", (fingerprint,)),
        )
        return json.loads(before[0][0]) if before else None

    def luggage(self, plan: str) -> bytes | None:
        """What a plan is made from, packed; None where an older grade didn't keep it."""
        found = self.ask("SELECT luggage FROM plan WHERE fingerprint = ?", plan)
        return found[0][0] if found else None

    def setting(self, name: str) -> str | None:
        """Something that was kept by name: the plan of the last run, the draw, the roster."""
        found = self.ask("SELECT value FROM setting WHERE name = ?", name)
        return found[0][0] if found else None

    def keep_setting(self, name: str, value: str) -> None:
        """Keep something by name."""
        self.change(("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, value)))

    # -- results ---------------------------------------------------------------------------------------------------

    def keep(self, plan: str, result: Result) -> None:
        """Keep a result, in place of an earlier one, and what was graded."""
        row = (result.content, plan, result.verdict, result.suspect, result.blob, result.sha256, result.fault)
        bytes_too = [("INSERT OR REPLACE INTO content VALUES (?, ?)", (result.content, result.bundle))]
        self.change(
            ("INSERT OR REPLACE INTO result VALUES (?, ?, ?, ?, ?, ?, ?)", row), *(bytes_too if result.bundle else [])
        )

    def bundle(self, content: str) -> bytes | None:
        """What was handed in, packed; None where an older grade didn't keep it."""
        found = self.ask("SELECT bundle FROM content WHERE content = ?", content)
        return found[0][0] if found else None

    def blob(self, plan: str, content: str | None) -> bytes | None:
        """The grade of a content; None where there is none."""
        with self._speaking():
            query = "SELECT grade FROM result WHERE content = ? AND plan = ?"
            found = self._db.execute(query, (content, plan)).fetchone()
        return found[0] if found else None

    def forget(self, plan: str) -> None:
        """Forget all results of a plan, so that everything is graded again."""
        with self._speaking():
            self._db.execute("DELETE FROM result WHERE plan = ?", (plan,))

    # -- the class -------------------------------------------------------------------------------------------------

    def keep_class(self, found: Iterable[Read]) -> None:
        """Keep who handed in what, in place of what an earlier run found."""
        found = list(found)
        rows = [(position, *_columns(each)) for position, each in enumerate(found)]
        originals = [(each.replaced.content, each.replaced.bundle) for each in found if each.replaced]
        with self._speaking(), self._whole():
            self._db.execute("DELETE FROM handed")
            self._db.executemany("INSERT INTO handed VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
            self._db.executemany("INSERT OR REPLACE INTO content VALUES (?, ?)", originals)

    def rows(self, plan: str) -> list[Row]:
        """Every submission of the class."""
        return self._rows(plan, "1")

    def ungraded(self, plan: str) -> list[Row]:
        """Submissions that could be read and have no grade of this plan."""
        return self._rows(plan, f"handed.content NOT NULL AND ifnull(verdict, '{NOT_GRADED}') = '{NOT_GRADED}'")

    def suspects(self, plan: str, suspect: str) -> list[Row]:
        """Submissions that ended at a limit, and were not graded once more."""
        return self._rows(plan, "suspect = ?", suspect)

    def _rows(self, plan: str, condition: str, *values: str) -> list[Row]:
        query = f"""SELECT students, late, remarks, places, at, fix, handed.content, files,
                           ifnull(verdict, ''), ifnull(sha256, ''), handed.fault, result.fault, original, diff
                    FROM handed LEFT JOIN result ON result.content = handed.content AND plan = ?
                    WHERE {condition} ORDER BY position"""
        with self._speaking():
            found = self._db.execute(query, (plan, *values))
            return [
                Row(_handed(*handed), content, files, verdict, sha256, unread or fault or "", original, diff)
                for *handed, content, files, verdict, sha256, unread, fault, original, diff in found
            ]

    def twins(self) -> dict[str, tuple[str, ...]]:
        """The contents that several handed in, each with the ids of the first of their students."""
        found: dict[str, tuple[str, ...]] = {}
        query = """SELECT theirs, students FROM (
                       SELECT position, students, ifnull(original, content) AS theirs,
                              count(*) OVER (PARTITION BY ifnull(original, content)) AS many FROM handed)
                   WHERE theirs NOT NULL AND many > 1 ORDER BY position"""
        with self._speaking():
            for content, students in self._db.execute(query):
                found[content] = (*found.get(content, ()), json.loads(students)[0]["id"])
        return found

    # -- reports ---------------------------------------------------------------------------------------------------

    def reports(self) -> dict[str, str]:
        """The students whose reports are written, and what each was made of."""
        with self._speaking():
            return dict(self._db.execute("SELECT student, made_of FROM report"))

    def keep_report(self, student: str, made_of: str) -> None:
        """Keep that a student's reports are written."""
        with self._speaking():
            self._db.execute("INSERT OR REPLACE INTO report VALUES (?, ?)", (student, made_of))

    def drop_report(self, student: str) -> None:
        """Forget reports whose files are gone."""
        with self._speaking():
            self._db.execute("DELETE FROM report WHERE student = ?", (student,))

    # -- anything else ---------------------------------------------------------------------------------------------

    def ask(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """All rows that a query finds."""
        with self._speaking():
            return self._db.execute(query, values).fetchall()

    def change(self, *statements: tuple[str, tuple[Any, ...]]) -> None:
        """Change all of this or nothing."""
        with self._speaking(), self._whole():
            for statement, values in statements:
                self._db.execute(statement, values)

    def wipe(self) -> None:
        """Write the file anew, so that no byte of what was deleted is left in it, or beside it."""
        with self._speaking():
            self._db.execute("VACUUM")
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def _whole(self) -> Iterator[None]:
        self._db.execute("BEGIN")
        try:
            yield
        except BaseException:
            if self._db.in_transaction:  # a full disk may have ended it already
                self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        """SQLite's faults as ours, each with what to do."""
        try:
            yield
        except sqlite3.Error as error:
            raise _fault(self.path, error) from error


def _columns(read: Read) -> tuple[Any, ...]:
    handed = read.handed
    students = msgspec.json.encode(handed.students).decode()
    # Names of files may be no Unicode at all: JSON's escapes hold them.
    places = json.dumps([[part.place, part.name] for part in handed.parts])
    fix = json.dumps(msgspec.to_builtins(handed.fix, enc_hook=encode_points))
    original, diff = (read.replaced.content, read.replaced.diff) if read.replaced else (None, "")
    found = (read.content, read.files, read.fault, handed.at, fix, original, diff)
    return students, handed.late, json.dumps(handed.remarks), places, *found


def _handed(students: str, late: int, remarks: str, places: str, at: str, fix: str) -> Handed:
    parts = [{"place": place, "name": name} for place, name in json.loads(places)]
    known = {"late": bool(late), "remarks": json.loads(remarks), "at": at, "fix": json.loads(fix)}
    raw = {"students": json.loads(students), "parts": parts, **known}
    return msgspec.convert(raw, Handed, dec_hook=decode_points)


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
