"""The ledger of late days: which student has used how many, for which assignment of the course.

Columns: student, assignment, days. A batch replaces the rows of its own assignment and its own students, and leaves all
others as they are, so that all assignments of a course, and all its sections, can share one file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from grader.classroom.tables.csv_text import rows_as_csv
from grader.classroom.tables.people import TableRow, read_table
from grader.errors import UsageError

LEDGER = Path("decisions") / "late_days.csv"
LEDGER_COLUMNS = ("student", "assignment", "days")
_MOST_DIGITS = 4


def read_ledger(path: Path) -> list[TableRow]:
    """The rows of a ledger; none where there is no such file yet.

    Raises:
        UsageError: it can't be read, or a row of it can't be meant; all such rows are listed.
    """
    rows = read_table(path, LEDGER_COLUMNS)
    flaws = [flaw for row in rows for flaw in _flaws(row)]
    if flaws:
        raise UsageError(
            "\n".join(["mistakes in the file of late days; nothing was changed:", *(f"  {f}" for f in flaws)])
        )
    return rows


def _flaws(row: TableRow) -> Iterator[str]:
    student, assignment, days = (row.cells.get(name, "") for name in LEDGER_COLUMNS)
    if not student or not assignment:
        yield row.flaw(f"the {'assignment' if student else 'student'} is empty")
    if not (days.isascii() and days.isdigit() and len(days) <= _MOST_DIGITS):
        yield row.flaw(f"days should be a whole number such as 2, found {days!r}")


def days_used_elsewhere(rows: Iterable[TableRow], assignment: str) -> Counter[str]:
    """The days that each student has used for other assignments."""
    used: Counter[str] = Counter()
    for row in rows:
        if row.cells["assignment"] != assignment:
            used[row.cells["student"]] += int(row.cells["days"])
    return used


def update_ledger(
    rows: Sequence[TableRow], assignment: str, students: Collection[str], charged: Mapping[str, int]
) -> list[dict[str, str]]:
    """The rows of the ledger after these students were charged so many days for this assignment."""
    kept = [row.cells for row in rows if row.cells["assignment"] != assignment or row.cells["student"] not in students]
    new = [
        dict(zip(LEDGER_COLUMNS, (each, assignment, str(days)), strict=True)) for each, days in sorted(charged.items())
    ]
    return [*kept, *(row for row in new if row["days"] != "0")]


def ledger_as_csv(rows: Sequence[Mapping[str, str]]) -> str:
    """The ledger as a file, with every column that somebody added."""
    columns = dict.fromkeys([*LEDGER_COLUMNS, *(name for row in rows for name in row)])
    return rows_as_csv([columns, *([row.get(name, "") for name in columns] for row in rows)])
