"""When students handed in, and until when they may: times.csv and extensions.csv in OUT/decisions, and `--times CSV`.

Columns of times: student, time. Of extensions: student, until; and reason, if you like, which isn't even read. A time
without a zone is on the wall clock of the rubric's zone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from pathlib import Path

from grader.classroom.tables.people import TableRow, read_table
from grader.errors import UsageError
from grader.rubric.late_penalty import read_time, read_time_of_submission

TIMES = Path("decisions") / "times.csv"
EXTENSIONS = Path("decisions") / "extensions.csv"

ReadTimes = Callable[[str, str], datetime | None]


def read_times(path: Path, zone: str) -> dict[str, datetime]:
    """When each student handed in.

    Raises:
        UsageError: the file can't be read, or a row of it can't be meant; all such rows are listed.
    """
    return _moments(path, "time", zone, read_time_of_submission)


def read_extensions(path: Path, zone: str) -> dict[str, datetime]:
    """Until when each student may hand in.

    Raises:
        UsageError: the file can't be read, or a row of it can't be meant; all such rows are listed.
    """
    return _moments(path, "until", zone, read_time)


def _moments(path: Path, column: str, zone: str, read: ReadTimes) -> dict[str, datetime]:
    rows = read_table(path, ("student", column))
    flaws = [flaw for row in rows for flaw in _flaws(row, column, zone)] + list(_doubles(rows))
    if flaws:
        raise UsageError("\n".join(["mistakes in the file of times; nothing was changed:", *(f"  {f}" for f in flaws)]))
    found = ((row.cells["student"], read(row.cells[column], zone)) for row in rows)
    return {student: at for student, at in found if at is not None}


def _flaws(row: TableRow, column: str, zone: str) -> Iterator[str]:
    text = row.cells.get(column, "")
    if not row.cells.get("student"):
        yield row.flaw("the student is empty")
    if read_time(text, zone) is None:
        yield row.flaw(f"{column} should be a time such as 2026-10-02 17:34, or with a zone, found {text!r}")


def _doubles(rows: Collection[TableRow]) -> Iterator[str]:
    first: dict[str, int] = {}
    for row in rows:
        student = row.cells.get("student", "")
        if student in first:
            yield row.flaw(f"line {first[student]} has a time for {student!r} already; keep one of the two")
        first.setdefault(student, row.line)
