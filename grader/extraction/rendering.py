"""The kept statements on an otherwise blank sheet, each on its own lines, and words for what is left out."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from typing import NamedTuple

from ..submission.reading import WRITES
from .parsing import Layout, ParsedFile, Statement
from .scopes import is_inert
from .syntax_errors import in_words

_NOT_NEEDED = "not needed by the graded functions"


class Stretch(NamedTuple):
    """Lines of a module that aren't run, and why."""

    first: int
    last: int
    reason: str


def render(parsed: ParsedFile, kept: Collection[int]) -> str:
    """The source of the kept statements, each on the lines where it stood."""
    sheet: list[str] = []
    for number, statement in enumerate(parsed.statements):
        if number in kept and not _is_late_future(statement, sheet):
            _write(sheet, statement)
    return "\n".join([*sheet, ""])


def _write(sheet: list[str], statement: Statement) -> None:
    first, *others = statement.text.split("\n")
    sheet.extend([""] * (statement.line - len(sheet)))
    if before := sheet[-1]:
        first = f"{before};".ljust(statement.column) + first
    sheet[-1:] = [first, *others]


def _is_late_future(statement: Statement, sheet: list[str]) -> bool:
    """Python refuses `from __future__` below other code, where a notebook's later cells may have it."""
    node = statement.node
    if not isinstance(node, ast.ImportFrom) or node.module != "__future__":
        return False
    return any(line and not line.startswith("from __future__") for line in sheet)


def left_out_of(parsed: ParsedFile, kept: Collection[int], layout: Layout) -> list[Stretch]:
    """All stretches of a file that aren't run, in document order; neighbours with one reason in one cell are one."""
    found = [*_unkept(parsed, kept), *_refused(parsed)]
    found.extend(Stretch(line, line, "a notebook command, not Python") for line in parsed.magics)
    merged: list[Stretch] = []
    breaks = {statement.line for number, statement in enumerate(parsed.statements) if number in kept}
    for stretch in sorted(set(found)):
        last = merged[-1] if merged else None
        if last is not None and last.reason == stretch.reason and _touch(last, stretch, layout, breaks):
            merged[-1] = Stretch(last.first, max(last.last, stretch.last), last.reason)
        else:
            merged.append(stretch)
    return merged


def _unkept(parsed: ParsedFile, kept: Collection[int]) -> Iterator[Stretch]:
    magics = set(parsed.magics)
    for number, statement in enumerate(parsed.statements):
        if number in kept or is_inert(statement.node) or statement.line in magics:
            continue
        yield Stretch(statement.line, statement.last_line, statement.barred or _NOT_NEEDED)


def _refused(parsed: ParsedFile) -> Iterator[Stretch]:
    for refused in parsed.refused:
        if refused.fault is None:
            what = "the file that it writes is read instead" if WRITES.match(refused.text) else "not Python"
            yield Stretch(refused.first, refused.last, f"a {refused.foreign} cell, {what}")
        elif refused.text.strip():
            yield Stretch(refused.first, refused.last, in_words(refused.fault, refused.text))


def _touch(above: Stretch, below: Stretch, layout: Layout, breaks: Collection[int]) -> bool:
    """Whether nothing kept stands between two stretches of one cell."""
    if layout.cell_of(above.first) != layout.cell_of(below.first):
        return False
    return not any(above.first <= line <= below.last for line in breaks)
