"""One file of a submission as a list of top-level statements, each with its facts and its place in the module.

The module's text is that of all cells, one after the other; lines of the module and lines of a cell differ by where
the cell begins. Texts that a parser in the jail refused are never parsed here.
"""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..submission.reading import SourceFile
from .candidates import Candidate, Candidates
from .scopes import Facts, asks_for_input, facts_of, is_main_guard
from .syntax_errors import Broken, Fault


class Layout(NamedTuple):
    """Where the lines of a module come from."""

    path: str | None  #: the file's name, where a reader needs it
    starts: tuple[int, ...]  #: the module's line on which each cell begins
    numbers: tuple[int | None, ...]  #: each cell's number in its notebook; None for a script

    def place(self, line: int) -> str:
        """ "hw1.py, line 12" or "cell 5, line 3"."""
        return ", ".join([*self._cell(line), self.lines(line, line)])

    def stretch(self, first: int, last: int) -> str:
        """ "hw1.py, lines 12-15" or "cell 5, line 3"; both lines lie in one cell."""
        return ", ".join([*self._cell(first), self.lines(first, last)])

    def lines(self, first: int, last: int) -> str:
        """ "line 3" or "lines 3-5" of the script or cell that both lie in."""
        above, below = self._within(first), self._within(last)
        return f"line {above}" if above == below else f"lines {above}-{below}"

    def cell_of(self, line: int) -> int:
        """The position, from 0, of the cell that a line of the module lies in."""
        return max(bisect_right(self.starts, line) - 1, 0)

    def _cell(self, line: int) -> Iterator[str]:
        if self.path is not None:
            yield self.path
        if self.numbers and (number := self.numbers[self.cell_of(line)]) is not None:
            yield f"cell {number}"

    def _within(self, line: int) -> int:
        return line - self.starts[self.cell_of(line)] + 1 if self.starts else line


def layout_of(file: SourceFile, alone: bool) -> Layout:
    """The layout of a file; a notebook's own name is left unsaid where it is the only file."""
    numbers = tuple(cell.number for cell in file.cells)
    starts, line = [], 1
    for cell in file.cells:
        starts.append(line)
        line += cell.text.count("\n") + 1
    unsaid = alone and None not in numbers
    return Layout(None if unsaid else file.path, tuple(starts), numbers)


class Statement(NamedTuple):
    """One top-level statement: its tree, its own source, where that begins in the module, and its facts."""

    node: ast.stmt
    text: str
    line: int
    column: int
    facts: Facts
    barred: str | None  #: why it is never run, or None
    offset: int  #: what turns a line of the tree into a line of the module

    @property
    def last_line(self) -> int:
        return self.line + self.text.count("\n")


class Refused(NamedTuple):
    """A stretch of the module that isn't parsed, and why. `text` is its source."""

    first: int
    last: int
    text: str
    fault: Fault | None  #: None for a cell in another language, which `foreign` names
    foreign: str | None = None

    @property
    def faulty_line(self) -> int:
        """The line of the module that the parser stumbled over."""
        line = self.fault.line if self.fault is not None else None
        return min(self.first + max(line or 1, 1) - 1, self.last)


class ParsedFile(NamedTuple):
    """The statements of a file, in document order, and what isn't among them."""

    statements: tuple[Statement, ...]
    refused: tuple[Refused, ...]
    magics: tuple[int, ...] = ()  #: lines of the module that held a notebook's magic


_Judged = tuple[Candidate, Fault | None]


def parse_file(file: SourceFile, candidates: Sequence[Candidates], faults: Sequence[Fault | None]) -> ParsedFile:
    """Parse what the parser in the jail found no fault in. `faults` answer the candidates of all cells, one by one."""
    statements: list[Statement] = []
    refused: list[Refused] = []
    magics: list[int] = []
    start, taken = 1, 0
    for cell, choice in zip(file.cells, candidates, strict=True):
        answers = faults[taken : taken + len(choice.all)]
        taken += len(choice.all)
        found = _parse_cell(cell.text, choice, answers, start - 1)
        statements.extend(found.statements)
        refused.extend(found.refused)
        magics.extend(found.magics)
        start += cell.text.count("\n") + 1
    return ParsedFile(tuple(statements), tuple(refused), tuple(magics))


def _parse_cell(text: str, choice: Candidates, faults: Sequence[Fault | None], offset: int) -> ParsedFile:
    lines = text.count("\n") + 1
    if choice.foreign is not None:
        return ParsedFile((), (Refused(offset + 1, offset + lines, text, None, choice.foreign),))
    judged = list(zip(choice.all, faults, strict=True))
    said: Fault | None = None
    for candidate, fault in judged[: len(choice.wholes)]:
        found = _parse(candidate, fault, offset)
        if isinstance(found, ParsedFile):
            return found._replace(magics=tuple(offset + line for line in candidate.magics))
        said = found  # of the last, which holds no magic
    if choice.stretches:
        return _salvage(judged[len(choice.wholes) :], offset)
    return ParsedFile((), (Refused(offset + 1, offset + lines, text, said),))


def _salvage(stretches: Sequence[_Judged], offset: int) -> ParsedFile:
    found: list[ParsedFile] = []
    for stretch, halves in _grouped(stretches):
        whole = _salvaged(*stretch, offset)
        apart = [_salvaged(*half, offset) for half in halves] if whole.refused else []
        found.extend(apart if any(half.statements for half in apart) else [whole])
    return ParsedFile(
        tuple(statement for each in found for statement in each.statements),
        tuple(refused for each in found for refused in each.refused),
        tuple(magic for each in found for magic in each.magics),
    )


def _grouped(stretches: Sequence[_Judged]) -> list[tuple[_Judged, list[_Judged]]]:
    """Each stretch with its halves, if it has any."""
    groups: list[tuple[_Judged, list[_Judged]]] = []
    for judged in stretches:
        if judged[0].part:
            groups[-1][1].append(judged)
        else:
            groups.append((judged, []))
    return groups


def _salvaged(stretch: Candidate, fault: Fault | None, offset: int) -> ParsedFile:
    found = _parse(stretch, fault, offset)
    if isinstance(found, ParsedFile):
        return found._replace(magics=tuple(offset + stretch.line - 1 + line for line in stretch.magics))
    first = offset + stretch.line
    return ParsedFile((), (Refused(first, first + stretch.text.rstrip().count("\n"), stretch.text, found),))


def _parse(candidate: Candidate, fault: Fault | None, offset: int) -> ParsedFile | Fault:
    if fault is not None:
        return fault
    try:
        tree = ast.parse(candidate.text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return Broken(error)
    lines = candidate.text.split("\n")
    found = [_statement(node, lines, offset + candidate.line - 1) for node in tree.body]
    return ParsedFile(
        tuple(statement for statement in found if isinstance(statement, Statement)),
        tuple(refused for refused in found if isinstance(refused, Refused)),
    )


def _statement(node: ast.stmt, lines: list[str], offset: int) -> Statement | Refused:
    first, column = _beginning(node, lines)
    own = lines[first - 1 : node.end_lineno]
    own[-1] = _upto(own[-1], node.end_col_offset or 0)
    own[0] = own[0][column:]
    text = "\n".join(own)
    try:
        facts = facts_of(node, text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return Refused(offset + first, offset + first + text.count("\n"), text, Broken(error))
    return Statement(node, text, offset + first, column, facts, _bar(node, text), offset)


def _beginning(node: ast.stmt, lines: list[str]) -> tuple[int, int]:
    """Line (from 1) and column (from 0) of a statement, its decorators included."""
    decorators = getattr(node, "decorator_list", ())
    if not decorators:
        return node.lineno, len(_upto(lines[node.lineno - 1], node.col_offset))
    line = decorators[0].lineno
    while line > 1 and not lines[line - 1].lstrip().startswith("@"):
        line -= 1
    return line, 0


def _upto(line: str, column: int) -> str:
    """The line up to a column of the tree, which counts bytes of UTF-8."""
    return line[:column] if line.isascii() else line.encode()[:column].decode()


def _bar(node: ast.stmt, text: str) -> str | None:
    if is_main_guard(node):
        return "under the main guard, which runs only in a script"
    if "input" in text and asks_for_input(node):
        return "it waits for the keyboard"
    return None
