"""Codes by which graders know students whose names they shall not see: OUT/private/blind.csv says who is who.

They are drawn at random, not made from ids, which could be guessed and tried.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from pathlib import Path

from grader.classroom.tables.csv_text import rows_as_csv
from grader.classroom.tables.people import read_table
from grader.files import write_text

CODES = Path("private") / "blind.csv"
_COLUMNS = ("code", "id")


def read_codes(out: Path) -> dict[str, str]:
    """The ids of students by their codes.

    Raises:
        UsageError: the file can't be read.
    """
    return {row.cells["code"]: row.cells["id"] for row in read_table(out / CODES, _COLUMNS)}


def save_codes(out: Path, students: Iterable[str]) -> dict[str, str]:
    """A code for each of these students, by id: the one that they have, else a new one."""
    known = {student: code for code, student in read_codes(out).items()}
    taken = set(known.values())
    for student in students:
        if student not in known:
            known[student] = _draw(taken)
    rows = sorted((code, student) for student, code in known.items())  # not in the order of the class, which would tell
    write_text(out / CODES, rows_as_csv([_COLUMNS, *rows]))
    return known


def _draw(taken: set[str]) -> str:
    while (code := f"work-{secrets.token_hex(3)}") in taken:
        continue
    taken.add(code)
    return code
