"""A roster: who is in the class, from any CSV that an LMS exports or an instructor keeps.

Read leniently: `,` `;` or tab, a byte order mark, any case of headers. A submission belongs to the student one of
whose ids it has: an LMS names the same person by user id, login, student number or mail address.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from grader.classroom.intake.model import Student
from grader.classroom.store.store import Store
from grader.classroom.tables.csv_text import fold, parse_rows, read_text
from grader.errors import UsageError

_NUMBERS = ("id", "identifier", "student id", "studentid", "student_id", "sid", "user id", "user_id", "userid")
_LOGINS = ("sis user id", "sis login id", "username", "user", "login")
_OTHER_NUMBERS = ("id number", "idnumber", "matriculation number")
_EMAILS = ("email", "email address", "e-mail", "mail")
#: Headers that hold an id, the best first.
_IDS = _NUMBERS + _LOGINS + _OTHER_NUMBERS + _EMAILS
_NAMES = ("name", "full name", "student", "student name", "student_name", "display name")
_FIRST, _LAST = ("first name", "first_name", "firstname"), ("last name", "last_name", "lastname", "surname")


class Member(msgspec.Struct, frozen=True):
    """Somebody on the roster, under every id that stands there, the best first."""

    student: Student
    ids: tuple[str, ...]


class Roster:
    """Everybody in the class."""

    def __init__(self, members: Iterable[Member]) -> None:
        self.members = tuple(members)
        self._exact: dict[str, Member] = {}
        self._folded: dict[str, Member] = {}
        self._named: dict[str, list[Student]] = {}
        for each in self.members:
            self._named.setdefault(_one_form(each.student.name), []).append(each.student)
        # One student's user id may be another's number: the better sort of id wins, whoever stands first.
        ranked = sorted((rank, place) for place, each in enumerate(self.members) for rank in range(len(each.ids)))
        for rank, place in ranked:
            known, member = self.members[place].ids[rank], self.members[place]
            self._exact.setdefault(known, member)
            self._folded.setdefault(known.casefold(), member)

    def find(self, student: Student) -> Member | None:
        """Whoever has this id or mail address: written alike, else but for upper and lower case."""
        texts = [text for text in (student.id, student.email) if text]
        exact = (self._exact.get(text) for text in texts)
        folded = (self._folded.get(text.casefold()) for text in texts)
        return next((member for member in (*exact, *folded) if member is not None), None)

    def student(self, student: Student) -> Student | None:
        """Whoever that is, by the roster's own id."""
        member = self.find(student)
        return member.student if member else None

    def named(self, name: str) -> Sequence[Student]:
        """Everybody who is called so; `Byron, Ada` is Ada Byron."""
        return self._named.get(_one_form(name), ())


def _one_form(name: str) -> str:
    last, comma, first = unicodedata.normalize("NFC", name).partition(",")
    return " ".join((f"{first} {last}" if comma and "," not in first else f"{last}{comma}{first}").split())


def read_roster(path: Path) -> Roster:
    """The roster in a CSV file.

    Raises:
        UsageError: it can't be read, or has no column of ids.
    """
    rows = [row.cells for row in parse_rows(read_text(path), str(path)) if any(map(str.strip, row.cells))]
    header = [fold(cell) for cell in rows[0]] if rows else []
    if not any(name in header for name in _IDS):
        raise UsageError(f"{path}: needs a column of ids, called for example: id, email, SIS Login ID, Identifier")
    members = (read_member(dict(zip(header, row, strict=False))) for row in rows[1:])
    # Who is in two sections stands there twice, with the same ids.
    return Roster(dict.fromkeys(member for member in members if member is not None))


def save_roster(store: Store, roster: Roster | None) -> None:
    """Keep who was in the class when it was last graded."""
    members = roster.members if roster else None
    store.keep_setting("roster", msgspec.json.encode(members).decode())


def load_roster(store: Store) -> Roster | None:
    """Who was in the class when it was last graded; None where no roster was given."""
    members = msgspec.json.decode(store.setting("roster") or "null", type=tuple[Member, ...] | None)
    return Roster(members) if members is not None else None


def read_member(row: Mapping[str, str]) -> Member | None:
    """Whoever a row is about, by header in lower case; None where it has no id, or is no student's."""
    ids = [_plain(name, row[name].strip()) for name in _IDS if row.get(name, "").strip()]
    name = _first(row, _NAMES) or " ".join(filter(None, (_first(row, _FIRST), _first(row, _LAST))))
    # Canvas puts the points possible in a row of their own, and a student who doesn't exist in another.
    if not ids or "points possible" in name.casefold() or name.casefold() == "student, test":
        return None
    return Member(Student(ids[0], name, _first(row, _EMAILS)), tuple(ids))


def _first(row: Mapping[str, str], names: Iterable[str]) -> str:
    return next((row[name].strip() for name in names if row.get(name, "").strip()), "")


def _plain(header: str, text: str) -> str:
    """An id without the word that Moodle puts before it, in the site's language: `Participant 12345`."""
    match = re.fullmatch(r"[^\W\d]+ (\d+)", text) if header == "identifier" else None
    return match[1] if match else text
