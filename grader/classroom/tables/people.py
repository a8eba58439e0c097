"""Tables that people keep by hand, as CSV: read leniently, with the line of whatever is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from grader.classroom.tables.csv_text import CsvRow, fold, parse_rows, read_text
from grader.errors import UsageError
from grader.report.sanitize import LINE_LIMIT, line

#: What a spreadsheet may take for the start of a formula; some take the wide forms too.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


class TableRow(msgspec.Struct, frozen=True):
    """One row: its cells by column, without blanks around them."""

    file: str
    line: int
    cells: dict[str, str]

    def flaw(self, text: str) -> str:
        """What is wrong with this row, with its address."""
        return f"{self.file}:{self.line}: {text}"


def read_table(path: Path, needed: Sequence[str]) -> list[TableRow]:
    """The rows of a CSV file with a header; none where there is no such file.

    Columns may be in any order and any case, their words joined by blanks or `_`, between `,` `;` or tabs. Empty rows
    are passed over.

    Raises:
        UsageError: it can't be read, or lacks a column.
    """
    return parse_table(read_text(path), str(path), needed) if path.exists() else []


def parse_table(text: str, file: str, needed: Sequence[str]) -> list[TableRow]:
    """The rows of a CSV text with a header; `file` says where it stands. Raises as `read_table` does."""
    found = [row for row in parse_rows(text, file) if any(map(str.strip, row.cells))]
    header, *rows = found or [CsvRow(1, [])]
    columns = [fold(cell.replace("_", " ")) for cell in header.cells]
    missing = [name for name in needed if name not in columns]
    if missing:
        raise UsageError(f"{file}:{header.line}: has no column {missing[0]!r}; it needs: {', '.join(needed)}")
    return [TableRow(file, row.line, dict(zip(columns, map(str.strip, row.cells), strict=False))) for row in rows]


def guard(text: str, longest: int = LINE_LIMIT) -> str:
    """A text of one line, with an apostrophe before what a spreadsheet would take for a formula."""
    shown = line(text, longest)
    return f"'{shown}" if shown.startswith(_FORMULA) else shown
