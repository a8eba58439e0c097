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
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Self

import msgspec

from grader.classroom.intake.model import StudentSubmission
from grader.classroom.intake.repairs import ReplacedSubmission
from grader.classroom.store.acknowledged import AcknowledgedTable
from grader.classroom.store.database import Database, Statement
from grader.classroom.store.encoding import decode_points, encode_points
from grader.classroom.store.erasure import erase_code, erase_student
from grader.classroom.store.releases import ReleaseTable, ToldTable
from grader.verdict import Verdict

NOT_GRADED = Verdict.NOT_GRADED.value
_KEEP_HANDED = """INSERT INTO handed (position, students, late, remarks, places, content, files, fault, at, fix,
                                      original, diff, attempts, undecided)
                  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""


class GradingResult(msgspec.Struct, frozen=True):
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


class ReadSubmission(msgspec.Struct, frozen=True):
    """What became of reading a submission."""

    handed: StudentSubmission
    content: str | None  #: of what is to be graded; None where it can't be read, or nothing was handed in
    files: int = 0
    fault: str = ""
    replaced: ReplacedSubmission | None = None  #: what was handed in, where it isn't what is graded


class SubmissionRow(msgspec.Struct, frozen=True):
    """One submission of the class, and what came of it."""

    handed: StudentSubmission
    content: str | None  #: of what is graded; None where there is nothing, or a fault
    files: int  #: of source
    verdict: str  #: empty where it wasn't graded yet
    sha256: str  #: of the grade; empty where there is none
    fault: str  #: why there is none
    original: str | None = None  #: content of what was handed in, where a repaired copy of it is graded
    diff: str = ""  #: from that to the copy

    @property
    def is_empty(self) -> bool:
        """Whether nothing was handed in."""
        return self.content is None and not self.fault

    @property
    def handed_in(self) -> str | None:
        """The content of what was handed in."""
        return self.original or self.content


class Store:
    """The database of one class, open for one run."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._database = Database(path)
        self.releases = ReleaseTable(self._database)
        self.told = ToldTable(self._database)
        self.acknowledged = AcknowledgedTable(self._database)

    def close(self) -> None:
        """Close the database; everything in it is on disk already."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- the draw and the plan -------------------------------------------------------------------------------------

    def seed(self, asked: int | None) -> int:
        """The class's draw: the one asked for, else the one that was kept, else a new one. It is kept."""
        kept = self.setting("seed")
        seed = asked if asked is not None else int(kept) if kept else secrets.randbits(48)
        self.keep_setting("seed", str(seed))
        return seed

    def plan_before(self) -> tuple[str, dict[str, str]] | None:
        """The plan of the last run and what it stands for; None where there was none."""
        found = self._database.ask(
            "SELECT fingerprint, parts FROM plan WHERE fingerprint = (SELECT value FROM setting WHERE name = 'plan')"
        )
        return (found[0][0], json.loads(found[0][1])) if found else None

    def keep_plan(self, fingerprint: str, parts: dict[str, str], luggage: bytes, holds: bool = True) -> None:
        """Keep what a fingerprint stands for; unless not so, its results are those that hold from now on."""
        self._database.change(
            ("INSERT OR REPLACE INTO plan VALUES (?, ?, ?)", (fingerprint, json.dumps(parts), luggage)),
            *([("INSERT OR REPLACE INTO setting VALUES ('plan', ?)", (fingerprint,))] if holds else []),
        )

    def copy_results(self, contents: Iterable[str], source: str, plan: str) -> None:
        """Take the results that these contents have by one plan for those by another."""
        statement = """INSERT OR REPLACE INTO result (content, plan, verdict, suspect, grade, sha256, fault)
                       SELECT content, ?, verdict, suspect, grade, sha256, fault FROM result
                       WHERE content = ? AND plan = ?"""
        self._database.change(*((statement, (plan, content, source)) for content in contents))

    def luggage(self, plan: str) -> bytes | None:
        """What a plan is made from, packed; None where an older grade didn't keep it."""
        found = self._database.ask("SELECT luggage FROM plan WHERE fingerprint = ?", plan)
        return found[0][0] if found else None

    def parts(self, plan: str) -> dict[str, str]:
        """What a plan's fingerprint stands for: all that its results depend on."""
        return dict(json.loads(self._database.ask("SELECT parts FROM plan WHERE fingerprint = ?", plan)[0][0]))

    def setting(self, name: str) -> str | None:
        """Something that was kept by name: the plan of the last run, the draw, the roster."""
        found = self._database.ask("SELECT value FROM setting WHERE name = ?", name)
        return found[0][0] if found else None

    def keep_setting(self, name: str, value: str) -> None:
        """Keep something by name."""
        self._database.change(("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, value)))

    # -- results ---------------------------------------------------------------------------------------------------

    def keep(self, plan: str, result: GradingResult) -> None:
        """Keep a result, in place of an earlier one, and what was graded."""
        row = (result.content, plan, result.verdict, result.suspect, result.blob, result.sha256, result.fault)
        bytes_too = [("INSERT OR REPLACE INTO content VALUES (?, ?)", (result.content, result.bundle))]
        self._database.change(
            ("INSERT OR REPLACE INTO result VALUES (?, ?, ?, ?, ?, ?, ?)", row), *(bytes_too if result.bundle else [])
        )

    def bundle(self, content: str) -> bytes | None:
        """What was handed in, packed; None where an older grade didn't keep it."""
        found = self._database.ask("SELECT bundle FROM content WHERE content = ?", content)
        return found[0][0] if found else None

    def lacks_bundles(self, plan: str) -> bool:
        """Whether an older grade made any of a plan's results, and kept no bytes of what was handed in."""
        query = """SELECT 1 FROM handed JOIN result USING (content) LEFT JOIN content USING (content)
                   WHERE plan = ? AND grade NOT NULL AND bundle IS NULL LIMIT 1"""
        return bool(self._database.ask(query, plan))

    def blob(self, plan: str, content: str | None) -> bytes | None:
        """The grade of a content; None where there is none."""
        found = self._database.ask("SELECT grade FROM result WHERE content = ? AND plan = ?", content, plan)
        return found[0][0] if found else None

    def forget(self, plan: str) -> None:
        """Forget all results of a plan, so that everything is graded again."""
        self._database.change(("DELETE FROM result WHERE plan = ?", (plan,)))

    # -- the class -------------------------------------------------------------------------------------------------

    def keep_class(self, found: Iterable[ReadSubmission]) -> None:
        """Keep who handed in what, in place of what an earlier run found."""
        self._database.change_all(_keep_class(found))

    def rows(self, plan: str) -> list[SubmissionRow]:
        """Every submission of the class."""
        return list(self.walk_rows(plan))

    def walk_rows(self, plan: str) -> Iterator[SubmissionRow]:
        """Every submission of the class, one after the other; the store isn't to be changed meanwhile."""
        return self._rows(plan, "1")

    def ungraded(self, plan: str) -> Iterator[SubmissionRow]:
        """Submissions that could be read and have no grade of this plan, one after the other, as `walk_rows`."""
        return self._rows(plan, f"handed.content NOT NULL AND ifnull(verdict, '{NOT_GRADED}') = '{NOT_GRADED}'")

    def suspects(self, plan: str, suspect: str) -> list[SubmissionRow]:
        """Submissions that ended for want of memory, and were not graded once more."""
        return list(self._rows(plan, "suspect = ?", suspect))

    def _rows(self, plan: str, condition: str, *values: str) -> Iterator[SubmissionRow]:
        query = f"""SELECT students, late, remarks, places, at, fix, attempts, undecided, handed.content, files,
                           ifnull(verdict, ''), ifnull(sha256, ''), handed.fault, result.fault, original, diff
                    FROM handed LEFT JOIN result ON result.content = handed.content AND plan = ?
                    WHERE {condition} ORDER BY position"""
        for *handed, content, files, verdict, sha256, unread, fault, original, diff in self._database.walk(
            query, plan, *values
        ):
            why = unread or fault or ""
            yield SubmissionRow(_decode_submission(*handed), content, files, verdict, sha256, why, original, diff)

    # -- reports ---------------------------------------------------------------------------------------------------

    def reports(self) -> dict[str, str]:
        """The students whose reports are written, and what each was made of."""
        return dict(self._database.ask("SELECT student, made_of FROM report"))

    def keep_report(self, student: str, made_of: str) -> None:
        """Keep that a student's reports are written."""
        self._database.change(("INSERT OR REPLACE INTO report VALUES (?, ?)", (student, made_of)))

    def drop_report(self, student: str) -> None:
        """Forget reports whose files are gone."""
        self._database.change(("DELETE FROM report WHERE student = ?", (student,)))

    # -- erasure ---------------------------------------------------------------------------------------------------

    def erase(self, student: str, moved: Callable[[str], str], without: Callable[[bytes], bytes]) -> None:
        """Erase a student from every table, and what nobody else handed in; see `store.erasure`."""
        erase_student(self._database, student, moved, without)

    def erase_code(self, student: str, moved: Callable[[str], str], entry: bytes | None) -> None:
        """Erase what a student handed in, and keep the grade; see `store.erasure`."""
        erase_code(self._database, student, moved, entry)

    def kept_grades(self) -> dict[str, bytes]:
        """The encoded row of each student of whom only that was kept."""
        return dict(self._database.ask("SELECT student, entry FROM kept_grade"))

    def wipe(self) -> None:
        """Write the file anew, so that no byte of what was deleted is left in it, or beside it."""
        self._database.wipe()


def _keep_class(found: Iterable[ReadSubmission]) -> Iterator[Statement]:
    yield "DELETE FROM handed", ()
    for position, each in enumerate(found):
        yield _KEEP_HANDED, (position, *_columns(each))
        if each.replaced:
            original = each.replaced.content, each.replaced.bundle
            yield "INSERT OR REPLACE INTO content VALUES (?, ?)", original


def _columns(read: ReadSubmission) -> tuple[Any, ...]:
    handed = read.handed
    students = msgspec.json.encode(handed.students).decode()
    # Names of files may be no Unicode at all: JSON's escapes hold them.
    places = json.dumps([[part.place, part.name] for part in handed.parts])
    fix = json.dumps(msgspec.to_builtins(handed.fix, enc_hook=encode_points))
    original, diff = (read.replaced.content, read.replaced.diff) if read.replaced else (None, "")
    attempts = json.dumps(msgspec.to_builtins(handed.attempts))
    found = (read.content, read.files, read.fault, handed.at, fix, original, diff, attempts, handed.undecided)
    return students, handed.late, json.dumps(handed.remarks), places, *found


def _decode_submission(
    students: str, late: int, remarks: str, places: str, at: str, fix: str, attempts: str, undecided: str
) -> StudentSubmission:
    parts = [{"place": place, "name": name} for place, name in json.loads(places)]
    known = {
        "late": bool(late),
        "remarks": json.loads(remarks),
        "at": at,
        "fix": json.loads(fix),
        "attempts": json.loads(attempts),
        "undecided": undecided,
    }
    raw = {"students": json.loads(students), "parts": parts, **known}
    return msgspec.convert(raw, StudentSubmission, dec_hook=decode_points)
