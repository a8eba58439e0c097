"""CSV as text: one way to read a file of it, to tell what stands between its cells, and to write rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from grader.errors import UsageError

DELIMITERS = ",;\t"
BYTE_ORDER_MARK = "\ufeff"


class CsvRow(NamedTuple):
    """The cells of a row, and the line in which it begins; lines count from 1."""

    line: int
    cells: list[str]


class Decoded(NamedTuple):
    """The text of a CSV file, and how it stands in the file."""

    before: str  #: a byte order mark, and a first line `sep=;`, which tells Excel what stands between cells
    text: str
    encoding: str


def read_text(path: Path) -> str:
    """The text of a CSV file as any spreadsheet may have saved it; in place of a line `sep=;` an empty one.

    Raises:
        UsageError: it can't be read.
    """
    return decode_text(read_raw(path))


def decode_text(data: bytes) -> str:
    """The same of the bytes of a file."""
    found = decode(data)
    return f"\n{found.text}" if found.before.removeprefix(BYTE_ORDER_MARK) else found.text


def decode(data: bytes) -> Decoded:
    """A CSV file as any spreadsheet may have saved it: UTF-8, UTF-16, or the code of Windows."""
    encoding = _encoding(data)
    text = data.decode(encoding, "replace")
    mark = BYTE_ORDER_MARK if text.startswith(BYTE_ORDER_MARK) else ""
    first, end, _ = text.removeprefix(mark).partition("\n")
    before = f"{mark}{first}{end}" if end and fold(first).startswith("sep=") else mark
    return Decoded(before, text.removeprefix(before), encoding)


def _encoding(data: bytes) -> str:
    if data.startswith(b"\xff\xfe") or (data[1:2] == b"\0" != data[:1]):
        return "utf-16-le"
    if data.startswith(b"\xfe\xff") or (data[:1] == b"\0" != data[1:2]):
        return "utf-16-be"
    return next(each for each in ("utf-8", "cp1252", "latin-1") if _can_be(data, each))


def _can_be(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def read_raw(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        UsageError: it can't be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: can't be read: {error.strerror}") from None


def likely_delimiter(text: str) -> str:
    """The sign of DELIMITERS that stands most often in the header."""
    header = text.lstrip().partition("\n")[0]
    return max(DELIMITERS, key=header.count)


def parse_rows(text: str, file: str, delimiter: str = "") -> Iterator[CsvRow]:
    """The rows of a CSV text, as the csv module reads them; without a delimiter by the likely one.

    Raises:
        UsageError: that module can't.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter or likely_delimiter(text))
    try:
        while (start := reader.line_num + 1) and (cells := next(reader, None)) is not None:
            yield CsvRow(start, cells)
    except csv.Error as error:
        raise UsageError(f"{file}: can't be read as CSV ({error}); is a quotation mark left open?") from None


def rows_as_csv(rows: Iterable[Iterable[object]]) -> str:
    """Rows as the text of a CSV file, the header first."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def fold(text: str) -> str:
    """A header in lower case, its words apart by one blank: two that are alike then are the same."""
    return " ".join(text.split()).casefold()
