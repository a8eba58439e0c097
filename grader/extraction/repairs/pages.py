"""Repairs after which the same statements are kept: a few lines of the page that runs are others, and that is all."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from ..parsing import TopStatement
from ..rendering import render_page
from ..scopes import facts_of
from ..syntax_errors import ERRORS
from .model import Edit
from .scene import Scene


class Pages:
    """What runs of each file.

    Args:
        names: what the module of each file is called.
    """

    def __init__(self, scene: Scene, names: Mapping[int, str]) -> None:
        self._scene = scene
        self._names = names
        self._lines: dict[int, list[str]] = {}

    def module_changed_by(self, edits: Sequence[Edit]) -> str:
        """The module in which these lines change and nothing else does; "" where more may."""
        file = edits[0].file
        if any(edit.file != file or not self._is_shown(file, edit.line) for edit in edits):
            return ""
        waiting = {edit.line: edit.text for edit in edits}
        for statement in self._scene.kept_statements(file):
            lines = range(statement.line, statement.last_line + 1)
            if any(line in lines for line in waiting):
                if not _is_alike(statement, self._reworded(file, lines, waiting)):
                    return ""
                waiting = {line: text for line, text in waiting.items() if line not in lines}
        return "" if waiting else self._names.get(file, "")

    def _is_shown(self, file: int, line: int) -> bool:
        """Whether a line stands in the page as it was written, but for a comment behind it."""
        if file not in self._lines:
            page = render_page(self._scene.sources.parse_once(file), sorted(self._scene.kept.get(file, ())))
            self._lines[file] = page.split("\n")
        if not 0 < line <= len(self._lines[file]):
            return False
        shown, written = self._lines[file][line - 1], self._scene.lines(file)[line - 1]
        return written.startswith(shown) and written[len(shown) :].lstrip()[:1] in ("", "#")

    def _reworded(self, file: int, lines: range, wording: Mapping[int, str]) -> str:
        written = self._scene.lines(file)
        return "\n".join(wording.get(line, written[line - 1]) for line in lines)


def _is_alike(statement: TopStatement, text: str) -> bool:
    """Whether a text is one statement that does the same with the names around it, and is called in the same way."""
    try:
        body = ast.parse(text).body
        return len(body) == 1 and _face(body[0]) == _face(statement.node) and facts_of(body[0], text) == statement.facts
    except ERRORS:
        return False


def _face(node: ast.stmt) -> tuple[str, ...]:
    arguments = getattr(node, "args", None)
    return type(node).__name__, getattr(node, "name", ""), ast.dump(arguments) if arguments is not None else ""
