"""Where nodes of a tree stand in its text, in letters."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from .model import Change

#: How likely a sort of change is, the most likely first; and of these, how many nodes it changes.
Ranked = tuple[tuple[int, int], Change]


class Text:
    """A text, and where its nodes stand in it."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._starts = [0]
        for line in source.split("\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._lines = source.split("\n")

    def at(self, line: int, column: int) -> int:
        """The place of a line, from 1, and a column in bytes."""
        text = self._lines[line - 1]
        letters = column if text.isascii() else len(text.encode()[:column].decode(errors="replace"))
        return self._starts[line - 1] + letters

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Where a node begins and ends."""
        first, last = getattr(node, "lineno", 1), getattr(node, "end_lineno", 1)
        return self.at(first, getattr(node, "col_offset", 0)), self.at(last, getattr(node, "end_col_offset", 0))

    def of(self, node: ast.AST) -> str:
        """The text of a node."""
        start, end = self.span(node)
        return self.source[start:end]

    def line_start(self, line: int) -> int:
        """Where a line, from 1, begins."""
        return self._starts[line - 1]

    def lines(self, first: int, last: int) -> Sequence[str]:
        """Lines from 1, both included."""
        return self._lines[first - 1 : last]

    def replaced(self, node: ast.AST, new: str, words: str) -> Change:
        """A node in another wording."""
        start, end = self.span(node)
        return Change(start, end, new, words, getattr(node, "lineno", 1))
