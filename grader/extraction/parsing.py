"""One file of a submission as a list of top-level statements, each with its facts and its place in the module.

The module's text is that of all cells, one after the other; lines of the module and lines of a cell differ by where
the cell begins.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..submission.reading import SourceCell, SourceFile
from .candidates import CodeStretch, Members, ParseCandidate, foreign_magic, members_of, stretches, wholes
from .model import LineLayout
from .newer_python import NO_VERSION, Rewritten, Sign, rewrite
from .scopes import Facts, facts_of, is_asking_for_input, is_main_guard, nodes_of_kind
from .syntax_errors import ERRORS, LOOKS_LIKE, SyntaxFault, fault_of, fill_in, write_plainly

_MOST_MENDED = 4  #: attempts at one text, each a parse of it
#: Why a statement isn't run, unless what it binds is needed, and bound nowhere else.
GUARDED = "under the main guard, which runs only in a script"


def layout_of(file: SourceFile, alone: bool) -> LineLayout:
    """The layout of a file; a notebook's own name is left unsaid where it is the only file."""
    numbers = tuple(cell.number for cell in file.cells)
    starts, line = [], 1
    for cell in file.cells:
        starts.append(line)
        line += cell.text.count("\n") + 1
    unsaid = alone and None not in numbers
    return LineLayout(None if unsaid else file.path, tuple(starts), numbers)


class TopStatement(NamedTuple):
    """One top-level statement: its tree, its own source, where that begins in the module, and its facts."""

    node: ast.stmt
    text: str
    line: int
    column: int
    facts: Facts
    excluded: str | None  #: why it is never run, or None
    offset: int  #: what turns a line of the tree into a line of the module
    head: int = 0  #: lines above it that are left out with it: the main guard's own

    @property
    def last_line(self) -> int:
        return self.line + self.text.count("\n")


class Refused(NamedTuple):
    """A stretch of the module that isn't parsed, and why. `text` is its source."""

    first: int
    last: int
    text: str
    fault: SyntaxFault | None  #: None for a cell in another language, which `foreign` names
    foreign: str | None = None

    @property
    def faulty_line(self) -> int:
        """The line of the module that the parser stumbled over."""
        line = self.fault.line if self.fault is not None else None
        return min(self.first + max(line or 1, 1) - 1, self.last)


class ParsedFile(NamedTuple):
    """The statements of a file, in document order, and what isn't among them."""

    statements: tuple[TopStatement, ...]
    refused: tuple[Refused, ...]
    magics: tuple[int, ...] = ()  #: lines of the module that held a notebook's magic
    newer: tuple[Sign, ...] = ()  #: what was newer than the Python which grades, and is written in the older way


def parse_file(file: SourceFile) -> ParsedFile:
    """The statements of a file, cell by cell, and what can't be parsed."""
    found: list[ParsedFile] = []
    start = 1
    for cell in file.cells:
        found.append(_parse_cell(cell, start - 1))
        start += cell.text.count("\n") + 1
    return _without_results(_joined(found))


def _without_results(parsed: ParsedFile) -> ParsedFile:
    """Without what puts a function's own result in its place: `softmax = softmax(x)`, as people try it out."""
    functions = {each.node.name for each in parsed.statements if isinstance(each.node, ast.FunctionDef)}
    if not any(isinstance(each.node, ast.Assign) and functions & each.facts.binds for each in parsed.statements):
        return parsed
    plain: set[str] = set()  #: functions that make no others
    kept = []
    for statement in parsed.statements:
        node = statement.node
        if isinstance(node, ast.FunctionDef):
            (plain.discard if _makes_functions(node) else plain.add)(node.name)
        elif isinstance(node, ast.Assign) and plain & statement.facts.binds and _calls_its_target(node, plain):
            kept.append(statement._replace(excluded="it puts a result in the place of the function"))
            continue
        kept.append(statement)
    return parsed._replace(statements=tuple(kept))


def _makes_functions(function: ast.FunctionDef) -> bool:
    return any(nodes_of_kind(kind, part) for part in function.body for kind in (ast.FunctionDef, ast.Lambda))


def _calls_its_target(node: ast.Assign, functions: set[str]) -> bool:
    calls = (each.func for each in nodes_of_kind(ast.Call, node.value))
    called = {function.id for function in calls if isinstance(function, ast.Name)}
    return any(isinstance(t, ast.Name) and t.id in called & functions for t in node.targets)


def _joined(parts: Sequence[ParsedFile]) -> ParsedFile:
    if len(parts) == 1:
        return parts[0]
    return ParsedFile(
        tuple(statement for part in parts for statement in part.statements),
        tuple(refused for part in parts for refused in part.refused),
        tuple(magic for part in parts for magic in part.magics),
        tuple(sign for part in parts for sign in part.newer),
    )


def _parse_cell(cell: SourceCell, offset: int) -> ParsedFile:
    lines = cell.text.count("\n") + 1
    if (foreign := foreign_magic(cell)) is not None:
        return ParsedFile((), (Refused(offset + 1, offset + lines, cell.text, None, foreign),))
    said: SyntaxFault | None = None
    for candidate in wholes(cell):
        found = _parse(candidate, offset)
        if isinstance(found, ParsedFile):
            return found
        said = found  # of the last, which holds no magic
    if parts := stretches(cell):
        return _joined([_salvage_stretch(stretch, offset) for stretch in parts])
    return ParsedFile((), (Refused(offset + 1, offset + lines, cell.text, said),))


def _salvage_stretch(stretch: CodeStretch, offset: int) -> ParsedFile:
    """What a stretch holds; of one that doesn't parse, its halves, where that gives a statement."""
    whole = _parsed(stretch.whole, offset)
    if whole.refused and stretch.halves:
        apart = [_parsed(half, offset) for half in stretch.halves]
        whole = _joined(apart) if any(half.statements for half in apart) else whole
    if whole.refused and not whole.statements and (members := members_of(stretch.whole)) is not None:
        return _salvage_class(stretch.whole, members, offset) or whole
    return whole


def _salvage_class(stretch: ParseCandidate, members: Members, offset: int) -> ParsedFile | None:
    """A class with those of its members that parse, and what doesn't; None where none does."""
    lines = stretch.text.split("\n")
    refused, is_any_sound = [], False
    for part in members.parts:
        first, length = part.line - stretch.line, part.text.count("\n") + 1
        fault = _fault_of_member(part.text)
        mended = fault and _mended(part.text, fault, everywhere=True)
        if mended and _fault_of_member(mended.text) is None:
            lines[first : first + length] = mended.text.split("\n")
            fault = None
        is_any_sound = is_any_sound or fault is None
        if fault is not None:
            lines[first : first + length] = [""] * length
            last = part.line + part.text.rstrip().count("\n")
            refused.append(Refused(offset + part.line, offset + last, part.text, fault))
    found = _parse(stretch._replace(text="\n".join(lines)), offset) if is_any_sound else None
    return found._replace(refused=(*found.refused, *refused)) if isinstance(found, ParsedFile) else None


def _fault_of_member(text: str) -> SyntaxFault | None:
    """Why a member of a class doesn't parse, by its own lines; None where it does."""
    try:
        ast.parse(f"class _:\n{text}")
    except ERRORS as error:
        fault = fault_of(error)
        return fault._replace(line=max((fault.line or 1) - 1, 1))
    return None


def _parsed(candidate: ParseCandidate, offset: int) -> ParsedFile:
    found = _parse(candidate, offset)
    if isinstance(found, ParsedFile):
        return found
    first = offset + candidate.line
    last = first + candidate.text.rstrip().count("\n")
    return ParsedFile((), (Refused(first, last, candidate.text, found),))


def _parse(candidate: ParseCandidate, offset: int) -> ParsedFile | SyntaxFault:
    text, signs, first = candidate.text, list[Sign](), None
    for attempt in range(_MOST_MENDED):
        try:
            tree = ast.parse(text)
            break
        except ERRORS as error:
            fault = fault_of(error)
        first = first or fault
        if fault.ended or (mended := _mended(text, fault, attempt > 0)) is None:
            return first
        text, signs = mended.text, [*signs, *mended.signs]
    else:
        assert first is not None
        return first
    candidate = candidate._replace(text=text)
    before = offset + candidate.line - 1
    lines = _Lines(candidate.text)
    found = [made for node in tree.body for made in _statements(node, lines, before)]
    return ParsedFile(
        tuple(statement for statement in found if isinstance(statement, TopStatement)),
        tuple(refused for refused in found if isinstance(refused, Refused)),
        tuple(before + line for line in candidate.magics),
        tuple(sign._replace(line=before + sign.line) for sign in signs),
    )


def _mended(text: str, fault: SyntaxFault, everywhere: bool) -> Rewritten | None:
    """What the text says, for the parser that we have; None where that can't be told.

    `everywhere` is for texts of which one line was mended, and that wasn't all.
    """
    if (filled := fill_in(fault, text)) is not None:
        return Rewritten(filled, ())
    if (plain := write_plainly(fault, text, everywhere)) is not None:
        return Rewritten(plain, (Sign(fault.line or 1, NO_VERSION, LOOKS_LIKE),))
    return rewrite(text)


class _Lines:
    """The lines of a text, cut at columns of its tree, which count bytes of UTF-8.

    A line of many statements is encoded once, and each of them costs no more than its own length.
    """

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._encoded: dict[int, bytes] = {}
        self._columns: dict[int, tuple[int, int]] = {}  #: of each line the last column asked for, in bytes and letters

    def __getitem__(self, line: int) -> str:
        return self._lines[line - 1]

    def cut(self, line: int, start: int, end: int | None = None) -> str:
        """A line, from 1, between two columns."""
        text = self._lines[line - 1]
        if text.isascii():
            return text[start:end]
        if line not in self._encoded:
            self._encoded[line] = text.encode("utf-8", "surrogatepass")
        return self._encoded[line][start:end].decode("utf-8", "surrogatepass")

    def letters(self, line: int, column: int) -> int:
        """How many letters stand before a column; to be asked from left to right."""
        if self._lines[line - 1].isascii():
            return column
        start, letters = self._columns.get(line, (0, 0))
        letters += len(self.cut(line, start, column))
        self._columns[line] = column, letters
        return letters

    def between(self, first: int, column: int, last: int, end: int) -> str:
        """The text from a column of one line up to a column of another, or of the same."""
        if first == last:
            return self.cut(first, column, end)
        return "\n".join([self.cut(first, column), *self._lines[first : last - 1], self.cut(last, 0, end)])


def _statements(node: ast.stmt, lines: _Lines, offset: int) -> Iterator[TopStatement | Refused]:
    """A statement; of a main guard those that stand in it, each by itself."""
    if not isinstance(node, ast.If) or not is_main_guard(node):
        yield _statement(node, lines, offset)
        return
    head = node.body[0].lineno - node.lineno
    for part in node.body:
        made = _statement(part, lines, offset)
        if isinstance(made, TopStatement):
            made = made._replace(excluded=made.excluded or GUARDED, head=head)
        head = 0
        yield made
    if not _is_elif(node.orelse, lines):
        yield from (_statement(part, lines, offset) for part in node.orelse)


def _is_elif(block: Sequence[ast.stmt], lines: _Lines) -> bool:
    return any(
        isinstance(part, ast.If) and lines.cut(part.lineno, part.col_offset).startswith("elif") for part in block
    )


def _statement(node: ast.stmt, lines: _Lines, offset: int) -> TopStatement | Refused:
    first, column = _beginning(node, lines)
    text = lines.between(first, column, node.end_lineno or first, node.end_col_offset or 0)
    text = _dedented(text, node, first)
    try:
        facts = facts_of(node, text)
    except ERRORS as error:
        return Refused(offset + first, offset + first + text.count("\n"), text, fault_of(error))
    return TopStatement(
        node, text, offset + first, lines.letters(first, column), facts, _why_excluded(node, text), offset
    )


def make_statement(text: str, line: int) -> TopStatement:
    """A statement that nobody wrote, of one line."""
    node = ast.parse(text).body[0]
    return TopStatement(node, text, line, 0, facts_of(node, text), None, line - 1)


def _dedented(text: str, node: ast.stmt, first: int) -> str:
    """The text of a statement, without what its block is indented by; lines of texts in it stay as they are."""
    above, *others = text.split("\n")
    if not node.col_offset or not others:
        return text.lstrip(" \t")
    texts = {
        line
        for inner in ast.walk(node)
        if isinstance(inner, ast.Constant | ast.JoinedStr) and inner.end_lineno != inner.lineno
        for line in range(inner.lineno + 1, (inner.end_lineno or inner.lineno) + 1)
    }
    below = [
        line if number in texts else line[min(node.col_offset, len(line) - len(line.lstrip(" \t"))) :]
        for number, line in enumerate(others, first + 1)
    ]
    return "\n".join([above.lstrip(" \t"), *below])


def _beginning(node: ast.stmt, lines: _Lines) -> tuple[int, int]:
    """Line, from 1, and column, in bytes, of a statement, its decorators included."""
    decorators = getattr(node, "decorator_list", ())
    if not decorators:
        return node.lineno, node.col_offset
    line = decorators[0].lineno
    while line > 1 and not lines[line].lstrip().startswith("@"):
        line -= 1
    return line, 0


def _why_excluded(node: ast.stmt, text: str) -> str | None:
    if "input" in text and is_asking_for_input(node):
        return "it waits for the keyboard"
    return None
