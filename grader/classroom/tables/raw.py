"""A CSV file as it came, byte for byte, with its cells one by one.

No library gives a file back as it was: writers choose quotes and line ends anew. So cells are kept here as they stand
in the file, quotes and all, and what a cell means is asked of the csv module.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import lru_cache

import msgspec

from grader.classroom.tables.csv_text import DELIMITERS, decode, likely_delimiter, parse_rows
from grader.errors import UsageError


class RawRow(msgspec.Struct, frozen=True):
    """One row."""

    line: int  #: where it begins; lines count from 1
    raw: tuple[str, ...]  #: as in the file, quotes and all
    cells: tuple[str, ...]  #: what they mean
    end: str  #: of the row: "\\r\\n", or nothing at the end of the file


class RawTable(msgspec.Struct, frozen=True):
    """A CSV file. Its first row is the header."""

    file: str
    before: str  #: what stands before the header: a byte order mark, and a line `sep=;`
    delimiter: str
    rows: tuple[RawRow, ...]
    encoding: str = "utf-8"

    @property
    def header(self) -> tuple[str, ...]:
        """What the columns are called."""
        return self.rows[0].cells if self.rows else ()

    def to_bytes(self, changed: Mapping[tuple[int, int], str] | None = None, gone: Collection[int] = ()) -> bytes:
        """The file, with other texts in some cells, by row and column, and without some rows; else as it came."""
        changed = changed or {}
        rows = (
            self.delimiter.join(
                self._write_cell(changed[at, column], raw) if (at, column) in changed else raw
                for column, raw in enumerate(row.raw)
            )
            + row.end
            for at, row in enumerate(self.rows)
            if at not in gone
        )
        return (self.before + "".join(rows)).encode(self.encoding, "replace")

    def _write_cell(self, text: str, before: str) -> str:
        """A cell in the file's own manner: quoted where it was, or where it has to be."""
        must = any(sign in text for sign in (self.delimiter, '"', "\r", "\n"))
        return '"' + text.replace('"', '""') + '"' if must or before.startswith('"') else text


def split(data: bytes, file: str, delimiter: str = "") -> RawTable:
    """The rows of a CSV file; without a delimiter by the likely one.

    Raises:
        UsageError: it is no text in an encoding of spreadsheets, or no CSV as the csv module reads it.
    """
    before, text, encoding = decode(data)
    if (before + text).encode(encoding, "replace") != data:
        raise UsageError(f"{file}: should be UTF-8; save it as `CSV UTF-8`, or take the LMS's file as it came")
    delimiter = delimiter or likely_delimiter(text)
    meant = [row.cells for row in parse_rows(text, file, delimiter)]
    rows: list[RawRow] = []
    line = 1 + before.count("\n")
    for raw, end in _raw_rows(text, delimiter):
        cells = meant[len(rows)] if len(rows) < len(meant) else []
        if len(cells) != len(raw) and not (cells == [] and raw == [""]):
            raise UsageError(f"{file}:{line}: can't be read as a CSV file; is a quotation mark missing?")
        rows.append(RawRow(line, tuple(raw), tuple(cells), end))
        line += sum(map(_line_ends, raw)) + bool(end)
    return RawTable(file, before, delimiter, tuple(rows), encoding)


@lru_cache(maxsize=len(DELIMITERS))
def _cell(delimiter: str) -> re.Pattern[str]:
    """A cell, and what ends it. A quotation mark counts at its beginning only, as for the csv module."""
    sign = re.escape(delimiter)
    return re.compile(rf'((?:"[^"]*(?:""[^"]*)*(?:"|\Z))?[^{sign}\r\n]*)({sign}|\r\n|\r|\n|\Z)')


def _raw_rows(text: str, delimiter: str) -> list[tuple[list[str], str]]:
    rows: list[tuple[list[str], str]] = []
    row: list[str] = []
    at, cell = 0, _cell(delimiter)
    while at < len(text) or row:
        match = cell.match(text, at)
        assert match is not None  # an empty cell at the end of the file is one
        row.append(match[1])
        at = match.end()
        if match[2] != delimiter:
            rows.append((row, match[2]))
            row = []
    return rows


def _line_ends(raw: str) -> int:
    return raw.count("\n") + raw.count("\r") - raw.count("\r\n")
