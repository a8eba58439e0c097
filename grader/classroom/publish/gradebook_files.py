"""A gradebook that an LMS exported, and what in it is ours: one column, in the rows of students.

What an LMS's gradebook looks like, its layout says. Some write their headers in the site's language; what isn't
recognised is named with --column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import msgspec

from grader.classroom.layouts.recognise import LAYOUTS
from grader.classroom.store.roster import Member, read_member
from grader.classroom.tables.csv_text import DELIMITERS, fold, read_raw
from grader.classroom.tables.gradebook import ANY_GRADEBOOK, TITLE_AND_NUMBER, Gradebook, folded_header, is_points
from grader.classroom.tables.raw import RawTable, split
from grader.errors import UsageError, did_you_mean

_COMMA, _DOT = re.compile(r"-?\d+,\d{1,2}"), re.compile(r"-?\d+\.\d+")


class MemberRow(msgspec.Struct, frozen=True):
    """A student's row of an export."""

    at: int  #: in the table's rows
    member: Member


class Export(msgspec.Struct, frozen=True):
    """A gradebook, and where our column is."""

    lms: Gradebook
    table: RawTable
    column: int  #: ours
    comments: int | None  #: the column of comments, where the LMS has one
    most: Fraction | None  #: points possible there
    commas: bool  #: whether 8.5 is written 8,5
    manual: bool  #: grades stay hidden until somebody posts them
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
    lms = _recognise(table)
    if not table.header:
        raise UsageError(f"{path}: is empty; export the gradebook again")
    at = _column(table, lms, title, column)
    listed = tuple(_list_people(table, lms))
    if not listed:
        raise UsageError(f"{path}: no row has a student with an id; is this the gradebook that the LMS exported?")
    return Export(
        lms=lms,
        table=table,
        column=at,
        comments=lms.comments(table),
        most=_most(table, lms, at, listed),
        commas=_commas(table),
        manual=lms.is_manual(table, at),
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
    if not found or (problem is not None and _recognise(found[0]) is ANY_GRADEBOOK):
        raise problem or UsageError(f"{file}: can't be read as a CSV file")
    return next((table for table in found if _recognise(table) is not ANY_GRADEBOOK), found[0])


def _recognise(table: RawTable) -> Gradebook:
    known = (layout.gradebook for layout in LAYOUTS.values() if layout.gradebook)
    return next((each for each in known if each.fits(table)), ANY_GRADEBOOK)


# -- our column ------------------------------------------------------------------------------------------------------


def _column(table: RawTable, lms: Gradebook, title: str, asked: str | None) -> int:
    if asked is not None:
        return _find_column(table, lms, asked)
    known = candidates = lms.columns(table)
    if len(candidates) > 1:
        candidates = [each for each in candidates if fold(_title(table.header[each])) == fold(title)]
    if len(candidates) != 1:
        names = ", ".join(repr(table.header[each]) for each in known or range(len(table.header)))
        raise UsageError(f"{table.file}: which column is {title!r}? Say it with --column; there are {names}")
    return candidates[0]


def _find_column(table: RawTable, lms: Gradebook, asked: str) -> int:
    """The column that --column names, by its header, or its title or number in that."""
    matches = ((header, TITLE_AND_NUMBER.fullmatch(header)) for header in table.header)
    names = [(header, *(match.groups() if match else ())) for header, match in matches]
    found = [at for at, each in enumerate(names) if asked in each[:1]]
    found = found or [at for at, each in enumerate(names) if asked in each]
    if len(found) != 1:
        many = "several columns are" if found else "no column is"
        raise UsageError(
            f"{table.file}: {many} called {asked!r}{did_you_mean(asked, [name for each in names for name in each[:2]])}"
        )
    if why := lms.is_read_only(table, found[0]):
        raise UsageError(f"{table.file}: {why}")
    return found[0]


def _title(header: str) -> str:
    match = TITLE_AND_NUMBER.fullmatch(header)
    return match["title"] if match else header


# -- rows, and how numbers are written -------------------------------------------------------------------------------


def _list_people(table: RawTable, lms: Gradebook) -> Iterator[MemberRow]:
    header = folded_header(table)
    for at, row in enumerate(table.rows[1:], 1):
        if not any(map(str.strip, row.cells)) or is_points(row):
            continue
        cells = lms.person(header, row)
        member = read_member(cells) if cells is not None else None
        if member is not None:
            yield MemberRow(at, member)


def _most(table: RawTable, lms: Gradebook, at: int, listed: Sequence[MemberRow]) -> Fraction | None:
    """The points possible, where the gradebook says it."""
    found = lms.most(table, at, [table.rows[each.at] for each in listed])
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
