"""Where in the student's own files something is: what editors, CI systems and code hosts point at."""

from __future__ import annotations

import re
from typing import NamedTuple

from grader.grading.grades import Grade

_PLACE = re.compile(r"^(?:(?P<file>.+?), )?(?:(?P<cell>cell \d+), )?line (?P<line>\d+)$")
_CELL = re.compile(r"^(?:(?P<file>.+?), )?(?P<cell>cell \d+)$")


class SourcePlace(NamedTuple):
    """A line of a file, or a file whose lines nobody counts: a notebook's stand in cells."""

    file: str
    line: int | None
    cell: str = ""


def find_place(grade: Grade, where: str, function: str) -> SourcePlace | None:
    """What a report's "hw1.py, line 7" points at; else where the function begins; None where nobody knows.

    Args:
        grade: as its audience may see it.
        where: as the report says it; may be empty.
        function: the one that it is about.
    """
    codes = (code for code in grade.code if code.function == function)
    found = _PLACE.match(where) or next((_PLACE.match(code.where(code.first)) for code in codes), None)
    if found is None:
        return None
    file = found["file"] or grade.submission
    if _CELL.match(file):  # a notebook that was handed in alone
        file, cell = grade.submission, file
    else:
        cell = found["cell"] or ""
    return SourcePlace(file, None if cell else int(found["line"]), f"{cell}, line {found['line']}" if cell else "")
