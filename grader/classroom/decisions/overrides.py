"""OUT/decisions/overrides.csv: points that people give in place of the grader's.

Columns: student, function, points, public comment; and, if you like, who, when, private note. An empty function means
the whole score. The private note isn't even read, so it can't get into anything that is made from here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction
from pathlib import Path

import msgspec

from grader.classroom.decisions.amounts import parse_points
from grader.classroom.tables.people import TableRow, read_table
from grader.errors import UsageError, did_you_mean
from grader.report.wording import points

OVERRIDES = Path("decisions") / "overrides.csv"
OVERRIDE_COLUMNS = ("student", "function", "points", "public comment")


class Override(msgspec.Struct, frozen=True):
    """What one person gave one student."""

    function: str  #: empty: the whole score
    points: Fraction
    who: str = ""
    when: str = ""
    comment: str = ""


def read_overrides(
    out: Path, students: Collection[str], functions: Mapping[str, Fraction]
) -> dict[str, tuple[Override, ...]]:
    """The points that were given, by student, in the order of the file.

    Args:
        out: the folder of results.
        students: the ids of the class.
        functions: the points that each can have.

    Raises:
        UsageError: the file can't be read, or a row of it can't be meant; all such rows are listed.
    """
    rows = read_table(out / OVERRIDES, OVERRIDE_COLUMNS)
    flaws = [flaw for row in rows for flaw in _flaws(row, students, functions)] + list(_doubles(rows))
    if flaws:
        raise UsageError("\n".join(["points that can't be given; nothing was changed:", *(f"  {f}" for f in flaws)]))
    found: dict[str, tuple[Override, ...]] = {}
    for row in rows:
        student = row.cells["student"]
        found[student] = (*found.get(student, ()), _override(row.cells))
    return found


def _override(cells: Mapping[str, str]) -> Override:
    given = parse_points(cells["points"]) or Fraction(0)
    return Override(cells["function"], given, cells.get("who", ""), cells.get("when", ""), cells["public comment"])


def _flaws(row: TableRow, students: Collection[str], functions: Mapping[str, Fraction]) -> Iterator[str]:
    student, function, text, comment = (row.cells.get(name, "") for name in OVERRIDE_COLUMNS)
    given = parse_points(text)
    if student not in students:
        yield row.flaw(f"nobody in this class has the id {student!r}{did_you_mean(student, students)}")
    if function and function not in functions:
        yield row.flaw(
            f"no function is called {function!r}{did_you_mean(function, functions)}; leave it empty for all points"
        )
    if given is None:
        yield row.flaw(f"points should be a number such as 4, 4.5 or 1/3, found {text!r}")
    elif function in functions and given > functions[function]:
        yield row.flaw(
            f"{function} has {points(functions[function])} points at most, found {text}; to give more, set the whole "
            "score in a row without a function"
        )
    if not comment:
        yield row.flaw("the public comment is empty; say why, for the student's report")


def _doubles(rows: Collection[TableRow]) -> Iterator[str]:
    first: dict[tuple[str, str], int] = {}
    for row in rows:
        key = (row.cells.get("student", ""), row.cells.get("function", ""))
        if key in first:
            what = key[1] or "the whole score"
            yield row.flaw(f"line {first[key]} gives {key[0]!r} points for {what} already; keep one of the two")
        first.setdefault(key, row.line)
