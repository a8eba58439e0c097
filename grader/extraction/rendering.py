"""The kept statements on an otherwise blank sheet, each on its own lines, and words for what is left out."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from ..submission.reading import file_written_by
from .model import LineLayout
from .parsing import ParsedFile, TopStatement
from .scopes import is_inert
from .syntax_errors import describe_fault

_NOT_NEEDED = "not needed by the graded functions"


class Stretch(NamedTuple):
    """Lines of a module that aren't run, and why."""

    first: int
    last: int
    reason: str


def render_page(parsed: ParsedFile, kept: Collection[int]) -> str:
    """The source of the kept statements, each on the lines where it stood."""
    sheet = _Sheet()
    begun = False
    for number, statement in enumerate(parsed.statements):
        future = _is_future(statement.node)
        # Python refuses `from __future__` below other code, where a notebook's later cells may have it.
        if number in kept and not (future and begun):
            sheet.write(statement)
            begun = begun or not future
    return sheet.text()


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


class _Sheet:
    """Lines that are filled from top to bottom; several statements may share one."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._last: list[str] = []  #: pieces of the line that is being written
        self._width = 0  #: of these pieces

    def write(self, statement: TopStatement) -> None:
        """Put a statement on its lines, behind what stands on the first of them."""
        if statement.line > len(self._lines) + 1 or not self._last:
            self._feed(statement.line)
        first, *others = statement.text.split("\n")
        if self._last:
            self._add(";".ljust(statement.column - self._width))
        self._add(first)
        if others:
            self._feed(len(self._lines) + 2)
            self._lines += others[:-1]
            self._add(others[-1])

    def _add(self, piece: str) -> None:
        self._last.append(piece)
        self._width += len(piece)

    def _feed(self, line: int) -> None:
        """Go on at this line."""
        if self._last:
            self._lines.append("".join(self._last))
        self._lines.extend([""] * (line - 1 - len(self._lines)))
        self._last, self._width = [], 0

    def text(self) -> str:
        """What has been written."""
        return "\n".join([*self._lines, *(["".join(self._last)] if self._last else []), ""])


def find_left_out(parsed: ParsedFile, kept: Collection[int], layout: LineLayout) -> list[Stretch]:
    """All stretches of a file that aren't run, in document order; neighbours with one reason in one cell are one."""
    found = [*_stretches_not_kept(parsed, kept), *_refused_stretches(parsed)]
    found.extend(Stretch(line, line, "a notebook command, not Python") for line in parsed.magics)
    merged: list[Stretch] = []
    breaks = sorted(statement.line for number, statement in enumerate(parsed.statements) if number in kept)
    for stretch in sorted(set(found)):
        last = merged[-1] if merged else None
        if last is not None and last.reason == stretch.reason and _touch(last, stretch, layout, breaks):
            merged[-1] = Stretch(last.first, max(last.last, stretch.last), last.reason)
        else:
            merged.append(stretch)
    return merged


def _stretches_not_kept(parsed: ParsedFile, kept: Collection[int]) -> Iterator[Stretch]:
    magics = set(parsed.magics)
    for number, statement in enumerate(parsed.statements):
        if number in kept or is_inert(statement.node) or statement.line in magics:
            continue
        yield Stretch(statement.line - statement.head, statement.last_line, statement.excluded or _NOT_NEEDED)


def _refused_stretches(parsed: ParsedFile) -> Iterator[Stretch]:
    for refused in parsed.refused:
        if refused.fault is None:
            what = "the file that it writes is read instead" if file_written_by(refused.text) else "not Python"
            yield Stretch(refused.first, refused.last, f"a {refused.foreign} cell, {what}")
        elif refused.text.strip():
            yield Stretch(refused.first, refused.last, describe_fault(refused.fault, refused.text))


def _touch(above: Stretch, below: Stretch, layout: LineLayout, breaks: Sequence[int]) -> bool:
    """Whether nothing kept stands between two stretches of one cell."""
    if layout.cell_of(above.first) != layout.cell_of(below.first):
        return False
    following = bisect_left(breaks, above.first)
    return following == len(breaks) or breaks[following] > below.last
