"""What the gradebook of an LMS has of its own; each LMS says it beside its layout."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from grader.classroom.tables.csv_text import fold
from grader.classroom.tables.raw import RawRow, RawTable

#: A column's header as Canvas writes it: "Problem Set 1 (987654)".
TITLE_AND_NUMBER = re.compile(r"(?P<title>.+) \((?P<id>\d+)\)", re.DOTALL)


class UploadEffect(NamedTuple):
    """What of a filled gradebook decides what its LMS does with it."""

    manual: bool  #: grades stay hidden until somebody posts them
    has_comments: bool  #: a column for them was found
    late: int  #: students who handed in late


def folded_header(table: RawTable) -> list[str]:
    """The headers without their case and spaces."""
    return [fold(cell) for cell in table.header]


def cell(row: RawRow, at: int) -> str:
    """The text of a cell; empty where a row is too short."""
    return row.cells[at].strip() if at < len(row.cells) else ""


def is_points(row: RawRow) -> bool:
    """Whether this is the row of the points possible, as in Canvas."""
    return "points possible" in cell(row, 0).casefold()


def columns_called(names: frozenset[str]) -> Callable[[RawTable], list[int]]:
    """Finds the columns with one of these headers."""
    return lambda table: [at for at, header in enumerate(folded_header(table)) if header in names]


def _by_header(header: Sequence[str], row: RawRow) -> Mapping[str, str] | None:
    return dict(zip(header, row.cells, strict=False))


def _max_points(table: RawTable, at: int, rows: Sequence[RawRow]) -> set[str]:
    del at
    header = folded_header(table)
    place = header.index("max points") if "max points" in header else len(header)
    return {cell(row, place) for row in rows}


def _nothing(_: UploadEffect) -> Iterator[str]:
    yield from ()


class Gradebook(msgspec.Struct, frozen=True, kw_only=True):
    """One LMS's gradebook. What it doesn't say is as in any CSV file with a header."""

    fits: Callable[[RawTable], bool] = lambda _: False  #: whether a table is one
    columns: Callable[[RawTable], list[int]] = lambda _: []  #: those that may be an assignment's, by their headers
    is_read_only: Callable[[RawTable, int], str] = lambda _, __: ""  #: why nothing may be written into a column
    person: Callable[[Sequence[str], RawRow], Mapping[str, str] | None] = _by_header  #: cells by header; None: nobody's
    most: Callable[[RawTable, int, Sequence[RawRow]], set[str]] = _max_points  #: cells that say the points possible
    comments: Callable[[RawTable], int | None] = lambda _: None  #: the column of comments
    is_manual: Callable[[RawTable, int], bool] = lambda _, __: False  #: whether a column waits until it is posted
    warnings: Callable[[UploadEffect], Iterator[str]] = _nothing  #: what the LMS does by itself with an upload


#: Of an LMS that isn't recognised.
ANY_GRADEBOOK = Gradebook()
