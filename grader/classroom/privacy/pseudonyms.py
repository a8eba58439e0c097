"""Pseudonyms for terminals and the logs of CI, which more people read than may know whose grade is whose.

They are drawn at random, not made from ids, which could be guessed and tried. OUT/private/pseudonyms.csv keeps them, so
that a student has the same one in every run.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from grader.classroom.intake.model import Student
from grader.classroom.tables.csv_text import rows_as_csv
from grader.classroom.tables.people import read_table
from grader.errors import AssignmentError, GradeError, HarnessError, UsageError
from grader.files import write_text

PSEUDONYMS = Path("private") / "pseudonyms.csv"
_COLUMNS = ("pseudonym", "id", "name", "email")
_SOMEBODY = "a student"
_SHORTEST = 3  # letters of a part of a name


class Pseudonyms(msgspec.Struct, frozen=True):
    """What everybody in a class is called."""

    rows: tuple[tuple[str, Student], ...] = ()

    def by_id(self) -> dict[str, str]:
        """All pseudonyms."""
        return {each.id: name for name, each in self.rows}

    def over(self, text: str) -> str:
        """The text with pseudonyms for every id, name, part of a name and mail address in it."""
        called = self._pseudonyms_by_word()
        if not called:
            return text
        longest = sorted(map(re.escape, called), key=len, reverse=True)
        # Names of files join words by underscores: those end a word here.
        found = re.compile(rf"(?<![^\W_])(?:{'|'.join(longest)})(?![^\W_])", re.IGNORECASE)
        return found.sub(lambda match: called.get(match[0].casefold(), _SOMEBODY), text)

    def _pseudonyms_by_word(self) -> dict[str, str]:
        """A pseudonym for each word in lower case; none of one's own for words that several go by."""
        found: dict[str, str] = {}
        for name, each in self.rows:
            for word in map(str.casefold, _words(each)):
                found[word] = name if found.get(word, name) == name else _SOMEBODY
        return found


def _words(student: Student) -> Iterator[str]:
    yield from filter(None, (student.id, student.name, student.email))
    yield from (part for part in re.findall(r"[^\W_]+", student.name) if len(part) >= _SHORTEST)


def read_pseudonyms(out: Path) -> Pseudonyms:
    """Those that were kept.

    Raises:
        UsageError: the file can't be read.
    """
    rows = (row.cells for row in read_table(out / PSEUDONYMS, _COLUMNS))
    return Pseudonyms(tuple((row["pseudonym"], Student(row["id"], row["name"], row["email"])) for row in rows))


def save_pseudonyms(out: Path, students: Iterable[Student]) -> None:
    """Give a pseudonym to everybody who has none yet."""
    known = read_pseudonyms(out).rows
    taken, there = {name for name, _ in known}, {each.id for _, each in known}
    new = [(_draw_pseudonym(taken), each) for each in students if each.id not in there]
    # Not in the order of the class: who stands where would tell.
    everyone = sorted([*known, *new], key=lambda row: row[0])
    rows = ((name, each.id, each.name, each.email) for name, each in everyone)
    write_text(out / PSEUDONYMS, rows_as_csv([_COLUMNS, *rows]))


def _draw_pseudonym(taken: set[str]) -> str:
    while (name := f"student-{secrets.token_hex(3)}") in taken:
        continue
    taken.add(name)
    return name


@contextmanager
def hide_names(folder: Path, out: Path) -> Iterator[None]:
    """While this lasts, a fault names nobody: neither by what we know of them, nor by where their files lie.

    Raises:
        UsageError, HarnessError: in place of whatever was raised; a fault of the assignment passes, it is about nobody.
    """
    try:
        yield
    except AssignmentError:
        raise
    except GradeError as error:
        kind = UsageError if isinstance(error, UsageError) else HarnessError
        raise kind(_shorten_paths(read_pseudonyms(out).over(str(error)), folder)) from None
    except Exception as error:  # noqa: BLE001 - its text may hold anything
        raise HarnessError(
            f"a fault of the grader itself: {type(error).__name__}; run it without --pseudonyms, where nobody else "
            "reads along, to see more"
        ) from None


def _shorten_paths(text: str, folder: Path) -> str:
    """Paths below the class folder end at it."""
    for place in (str(folder.resolve()), str(folder)):
        text = re.sub(rf"({re.escape(place)}/)[^:\n]*", r"\1...", text)
    return text
