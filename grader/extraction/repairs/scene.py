"""The lines of a submission as they were handed in, and where its functions lie in them."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from ..choosing import Chosen
from ..parsed_files import Sources
from ..parsing import TopStatement
from .model import Edit, Repair, Wanted


class Definition(NamedTuple):
    """The definition of a function that is graded."""

    wanted: Wanted
    file: int
    node: ast.FunctionDef
    statement: TopStatement


class Scene:
    """A submission in which some functions lost points.

    Args:
        kept: of each file the statements that the required functions need.
    """

    def __init__(
        self,
        sources: Sources,
        chosen: Mapping[str, Chosen],
        kept: Mapping[int, Iterable[int]],
        wanted: Sequence[Wanted],
        packages: Sequence[str],
    ) -> None:
        self.sources = sources
        self.chosen = chosen
        self.kept = kept
        self.wanted = tuple(wanted)
        self.packages = frozenset({"numpy", *packages})
        self._lines: dict[int, list[str]] = {}
        self._nodes: dict[int, tuple[ast.AST, ...]] = {}  #: by the statement's identity: `sources` keeps it

    @property
    def names(self) -> tuple[str, ...]:
        """The functions that lost points."""
        return tuple(each.name for each in self.wanted)

    def lines(self, file: int) -> list[str]:
        """The lines of a file, those of all cells counted through."""
        if file not in self._lines:
            text = "\n".join(cell.text for cell in self.sources.files[file].cells)
            self._lines[file] = text.split("\n")
        return self._lines[file]

    def kept_statements(self, file: int) -> list[TopStatement]:
        """The statements of a file that are run, as far as they stand there as they were parsed."""
        statements = self.sources.parse_once(file).statements
        found = (statements[number] for number in sorted(self.kept.get(file, ())))
        return [each for each in found if self.is_as_written(file, each)]

    def is_as_written(self, file: int, statement: TopStatement) -> bool:
        """Whether the lines are those that were parsed: not in a cell that was indented or had magics in it."""
        written = "\n".join(self.lines(file)[statement.line - 1 : statement.last_line])
        return written[statement.column :].startswith(statement.text)

    def nodes_in(self, statement: TopStatement) -> tuple[ast.AST, ...]:
        """All nodes of a statement; walked once."""
        if id(statement) not in self._nodes:
            self._nodes[id(statement)] = tuple(ast.walk(statement.node))
        return self._nodes[id(statement)]

    def free_names(self, file: int, statement: TopStatement) -> set[str]:
        """Names that a statement reads, and that nothing binds: neither it, nor the file, nor Python."""
        nodes = self.nodes_in(statement)
        read = {each.id for each in nodes if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)}
        free = read - self.bound_at_top(file) - _BUILTINS
        return free - self.bound_in(statement) if free else free

    def bound_at_top(self, file: int) -> set[str]:
        """Names that the statements of a file bind."""
        return {name for each in self.sources.parse_once(file).statements for name in each.facts.binds}

    def bound_in(self, statement: TopStatement) -> set[str]:
        """Names that a statement binds, anywhere in it."""
        return {name for each in self.nodes_in(statement) for name in _bound_by(each)}

    @cached_property
    def definitions(self) -> tuple[Definition, ...]:
        """Those of the functions that lost points, as far as they are plain functions or methods."""
        return tuple(found for each in self.wanted if (found := self._definition(each)) is not None)

    def _definition(self, wanted: Wanted) -> Definition | None:
        choice = self.chosen.get(wanted.name)
        if choice is None:
            return None
        binders = self.sources.binders(choice.file, choice.name)
        if not binders or not self.is_as_written(choice.file, binders[-1]):
            return None
        node: ast.AST = binders[-1].node
        for method in wanted.name.split(".")[1:]:
            body = node.body if isinstance(node, ast.ClassDef) else []
            node = next((m for m in body if isinstance(m, ast.FunctionDef) and m.name == method), node)
        return Definition(wanted, choice.file, node, binders[-1]) if isinstance(node, ast.FunctionDef) else None

    def repair(
        self, sort: str, functions: Sequence[str], edits: Sequence[Edit], group: str, line: int | None = None
    ) -> Repair:
        """A repair with its place and its differences, line by line."""
        first = edits[0]
        where = self.sources.place(first.file, max(first.line if line is None else line, 1))
        diff = "\n".join(self._shown(each) for each in edits)
        return Repair(sort, tuple(functions), where, diff, tuple(edits), group)

    def _shown(self, edit: Edit) -> str:
        if not edit.line:
            return f"+{edit.text}"
        return f"-{self.lines(edit.file)[edit.line - 1]}\n+{edit.text}"


_BUILTINS = frozenset(dir(builtins))


def _bound_by(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
        yield node.id
    elif isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.alias):
        yield node.asname or node.name.partition(".")[0]
    elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
        yield node.name
    elif isinstance(node, ast.MatchMapping) and node.rest:
        yield node.rest


class Span(NamedTuple):
    """A stretch of one line, and what is put in its place. Columns count letters."""

    line: int
    start: int
    end: int
    text: str


def span_of(scene: Scene, file: int, statement: TopStatement, node: ast.AST, text: str = "") -> Span | None:
    """Where a node of a statement stands, if it is in one line; its text where none is given."""
    first, last = getattr(node, "lineno", 0), getattr(node, "end_lineno", 0)
    if not first or first != last:
        return None
    line = statement.offset + first
    encoded = scene.lines(file)[line - 1].encode("utf-8", "surrogatepass")
    start, end = (
        len(encoded[: getattr(node, side)].decode("utf-8", "replace")) for side in ("col_offset", "end_col_offset")
    )
    return Span(line, start, end, text or scene.lines(file)[line - 1][start:end])


def edits_of(scene: Scene, file: int, spans: Iterable[Span]) -> tuple[Edit, ...]:
    """The lines with these stretches replaced; none where two of them overlap."""
    by_line: dict[int, list[Span]] = {}
    for span in spans:
        by_line.setdefault(span.line, []).append(span)
    edits = []
    for line, own in sorted(by_line.items()):
        text, end = scene.lines(file)[line - 1], len(scene.lines(file)[line - 1])
        for span in sorted(own, key=lambda each: each.start, reverse=True):
            if span.end > end:
                return ()
            text, end = text[: span.start] + span.text + text[span.end :], span.start
        if text != scene.lines(file)[line - 1]:
            edits.append(Edit(file, line, text))
    return tuple(edits)


def own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function, those of functions within it left out."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            yield from own_nodes(child)
