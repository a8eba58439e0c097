"""CSV as text: one way to read a file of it, to tell what stands between its cells, and to write rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from grader.errors import UsageError

DELIMITERS = ",;\t"


class CsvRow(NamedTuple):
    """The cells of a row, and the line in which it begins; lines count from 1."""

    line: int
    cells: list[str]


def read_text(path: Path) -> str:
    """The text of a CSV file, without a byte order mark.

    Raises:
        UsageError: it can't be read, or isn't UTF-8.
    """
    try:
        return read_raw(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{path}: should be UTF-8; save it as `CSV UTF-8`") from None


def decode_anyhow(data: bytes) -> str:
    """The text of a CSV file as any spreadsheet may have saved it: UTF-8, UTF-16, or the code of Windows.

    A first line `sep=;`, which tells Excel what stands between cells, is left out.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", "replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", "replace")
    first, end, rest = text.partition("\n")
    return f"\n{rest}" if end and fold(first).startswith("sep=") else text


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
