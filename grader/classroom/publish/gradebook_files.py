"""A gradebook that an LMS exported, and what in it is ours: one column, in the rows of students.

    Canvas      Student, ID, SIS Login ID, Section, Problem Set 1 (987654), …     then a row with the points possible
    Moodle      Identifier, Full name, Status, Grade, Maximum grade, …            the offline grading worksheet
    Gradescope  First Name, Last Name, SID, Email, Total Score, …

Moodle writes its headers in the site's language; what isn't recognised is named with --column.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Literal

import msgspec

from grader.classroom.store.roster import Member, read_member
from grader.classroom.tables.raw import DELIMITERS, RawRow, RawTable, read_raw, split
from grader.errors import UsageError, did_you_mean

GradebookKind = Literal["canvas", "moodle", "gradescope", "other"]

_ASSIGNMENT = re.compile(r"(?P<title>.+) \((?P<id>\d+)\)", re.DOTALL)  # of Canvas: "Problem Set 1 (987654)"
_IDENTIFIER = re.compile(r"(?P<word>[^\d]*)(?P<id>\d+)")
#: What Moodle's worksheet calls its column of grades.
_GRADES = frozenset(
    (
        *("grade", "bewertung", "note", "nota", "calificación", "valutazione", "avaliação", "cijfer", "beoordeling"),
        *(
            "ocena",
            "betyg",
            "známka",
            "karakter",
            "arvosana",
            "оценка",
            "оцінка",
            "成绩",
            "成績",
            "評点",
            "qualificació",
        ),
    )
)
_COMMENTS = re.compile(r"feedback|comment|coment|kommentar|komentar|retroaliment|opmerking|комментар|评语|コメント")
_COMMA, _DOT = re.compile(r"-?\d+,\d{1,2}"), re.compile(r"-?\d+\.\d+")


class MemberRow(msgspec.Struct, frozen=True):
    """A student's row of an export."""

    at: int  #: in the table's rows
    member: Member


class Export(msgspec.Struct, frozen=True):
    """A gradebook, and where our column is."""

    kind: GradebookKind
    table: RawTable
    column: int  #: ours
    comments: int | None  #: Moodle's column of feedback
    most: Fraction | None  #: points possible there
    commas: bool  #: whether 8.5 is written 8,5
    manual: bool  #: Canvas: grades stay hidden until somebody posts them
    listed: tuple[MemberRow, ...]

    @property
    def title(self) -> str:
        """What our column is called."""
        return self.table.header[self.column]

    def place(self, at: int) -> str:
        """File and line of a row, for messages."""
        return f"{self.table.file}:{self.table.rows[at].line}"


def read_export(path: Path, title: str, column: str | None = None) -> Export:
    """Read a gradebook.

    Args:
        path: the CSV file, as the LMS exported it.
        title: of the assignment, which says which of several columns is ours.
        column: our column's header, for gradebooks that aren't recognised.

    Raises:
        UsageError: it can't be read, or our column isn't known.
    """
    table = _table(read_raw(path), str(path))
    kind = _kind(table)
    if not table.header:
        raise UsageError(f"{path}: is empty; export the gradebook again")
    at = _column(table, kind, title, column)
    listed = tuple(_member_rows(table, kind))
    if not listed:
        raise UsageError(f"{path}: no row has a student with an id; is this the gradebook that the LMS exported?")
    return Export(
        kind=kind,
        table=table,
        column=at,
        comments=_comments(table) if kind == "moodle" else None,
        most=_most(table, kind, at, listed),
        commas=_commas(table),
        manual=kind == "canvas" and any(_is_manual(row, at) for row in table.rows[1:3]),
        listed=listed,
    )


def _table(data: bytes, file: str) -> RawTable:
    """The table under the delimiter that makes a known gradebook of it, else under the most frequent one."""
    header = data.partition(b"\n")[0]
    found = []
    problem: UsageError | None = None
    for delimiter in sorted(DELIMITERS, key=lambda each: -header.count(each.encode())):
        try:
            found.append(split(data, file, delimiter))
        except UsageError as error:
            problem = problem or error
    if not found or (problem is not None and _kind(found[0]) == "other"):
        raise problem or UsageError(f"{file}: can't be read as a CSV file")
    return next((table for table in found if _kind(table) != "other"), found[0])


def _kind(table: RawTable) -> GradebookKind:
    header = [_fold(cell) for cell in table.header]
    if len(header) > 3 and (("student" in header[0] and header[1] == "id") or header[2] == "id"):
        return "canvas"
    if "total score" in header and {"sid", "email"} & set(header):
        return "gradescope"
    if len(header) > 2 and _word(table) is not None and (header[0] == "identifier" or _GRADES & set(header)):
        return "moodle"
    return "other"


def _word(table: RawTable) -> str | None:
    """The one word before all numbers of the first column, in the site's language: `Participant `."""
    matches = [_IDENTIFIER.fullmatch(row.cells[0].strip()) for row in table.rows[1:] if row.cells]
    words = {match["word"] if match else None for match in matches}
    return words.pop() if len(words) == 1 else None


def _fold(text: str) -> str:
    return " ".join(text.split()).casefold()


# -- our column ------------------------------------------------------------------------------------------------------


def _column(table: RawTable, kind: GradebookKind, title: str, asked: str | None) -> int:
    candidates = _candidates(table, kind)
    if asked is not None:
        return _find_column(table, kind, asked)
    if len(candidates) > 1:
        candidates = [each for each in candidates if _fold(_title(table.header[each])) == _fold(title)]
    if len(candidates) != 1:
        names = ", ".join(repr(table.header[each]) for each in _candidates(table, kind) or range(len(table.header)))
        raise UsageError(f"{table.file}: which column is {title!r}? Say it with --column; there are {names}")
    return candidates[0]


def _find_column(table: RawTable, kind: GradebookKind, asked: str) -> int:
    """The column that --column names, by its header, or its title or number in Canvas."""
    names = [(header, *(match.groups() if (match := _ASSIGNMENT.fullmatch(header)) else ())) for header in table.header]
    found = [at for at, each in enumerate(names) if asked in each[:1]]
    found = found or [at for at, each in enumerate(names) if asked in each]
    if len(found) != 1:
        many = "several columns are" if found else "no column is"
        raise UsageError(
            f"{table.file}: {many} called {asked!r}{did_you_mean(asked, [name for each in names for name in each[:2]])}"
        )
    if kind == "canvas" and any(_cell(row, found[0]) == "(read only)" for row in table.rows[1:4]):
        raise UsageError(f"{table.file}: Canvas ignores what is written into {asked!r}: it is (read only)")
    return found[0]


def _candidates(table: RawTable, kind: GradebookKind) -> list[int]:
    if kind == "canvas":
        read_only = [row for row in table.rows[1:4] if _is_points(row)]
        return [
            at
            for at, header in enumerate(table.header)
            if _ASSIGNMENT.fullmatch(header) and not any(_cell(row, at) == "(read only)" for row in read_only)
        ]
    names: frozenset[str] = {"moodle": _GRADES, "gradescope": frozenset({"total score"})}.get(kind, frozenset())
    return [at for at, header in enumerate(table.header) if _fold(header) in names]


def _title(header: str) -> str:
    match = _ASSIGNMENT.fullmatch(header)
    return match["title"] if match else header


def _comments(table: RawTable) -> int | None:
    found = [at for at, header in enumerate(table.header) if _COMMENTS.search(_fold(header))]
    return found[0] if len(found) == 1 else None


# -- rows, and how numbers are written -------------------------------------------------------------------------------


def _member_rows(table: RawTable, kind: GradebookKind) -> Sequence[MemberRow]:
    header = [_fold(cell) for cell in table.header]
    found = []
    for at, row in enumerate(table.rows[1:], 1):
        cells = list(row.cells)
        if not any(map(str.strip, cells)) or _is_points(row) or (kind == "canvas" and _is_marks(row)):
            continue
        if kind == "moodle" and (match := _IDENTIFIER.fullmatch(cells[0].strip())):
            header[0], cells[0] = "identifier", match["id"]
        member = read_member(dict(zip(header, cells, strict=False)))
        if member is not None:
            found.append(MemberRow(at, member))
    return found


def _is_points(row: RawRow) -> bool:
    return "points possible" in _cell(row, 0).casefold()


def _is_marks(row: RawRow) -> bool:
    """Canvas's row of `Manual Posting` under the columns that wait for it: nobody's."""
    return not any(cell.strip() for cell in row.cells[:3])


def _is_manual(row: RawRow, at: int) -> bool:
    return _is_marks(row) and bool(_cell(row, at))


def _cell(row: RawRow, at: int) -> str:
    return row.cells[at].strip() if at < len(row.cells) else ""


def _most(table: RawTable, kind: GradebookKind, at: int, listed: Sequence[MemberRow]) -> Fraction | None:
    """The points possible, where the gradebook says it."""
    if kind == "canvas":
        found = {_cell(row, at) for row in table.rows[1:4] if _is_points(row)}
    else:
        # Moodle's maximum stands right of the grade, the same in each row.
        beside = (
            at + 1
            if kind == "moodle"
            else next(
                (place for place, header in enumerate(table.header) if _fold(header) == "max points"),
                len(table.header),
            )
        )
        found = {_cell(table.rows[each.at], beside) for each in listed}
    return number(found.pop()) if len(found) == 1 else None


def number(text: str) -> Fraction | None:
    """What a cell says, with a decimal point or comma; None where it is no number."""
    plain = text.strip().replace(",", ".")
    return Fraction(plain) if re.fullmatch(r"-?\d+(\.\d+)?", plain) else None


def _commas(table: RawTable) -> bool:
    cells = [cell.strip() for row in table.rows[1:] for cell in row.cells]
    commas = sum(_COMMA.fullmatch(cell) is not None for cell in cells)
    dots = sum(_DOT.fullmatch(cell) is not None for cell in cells)
    # Canvas separates with semicolons where the reader's language has decimal commas.
    return commas > dots or (table.delimiter == ";" and not dots)
