"""Changes of statements: a copy at the top, a condition turned, a line in or out of a loop, a line dropped."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from .edits import Ranked, Text
from .model import Change


def changed_statements(function: ast.FunctionDef, text: Text) -> Iterator[Ranked]:
    """Every change of one statement."""
    yield from _copies(function, text)
    for node in ast.walk(function):
        if isinstance(node, ast.If | ast.While):
            test = text.of(node.test)
            yield (1, 9), text.replaced(node.test, f"not ({test})", "the condition")
        for name in ("body", "orelse"):
            block = getattr(node, name, None)
            if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
                yield from _moved(block, text)
                yield from _dropped(block, text)


def _copies(function: ast.FunctionDef, text: Text) -> Iterator[Ranked]:
    """A copy of an argument at the top, so that the caller's stays as it is."""
    body = function.body
    first = body[1] if len(body) > 1 and isinstance(body[0], ast.Expr) and ast.get_docstring(function) else body[0]
    start = text.span(first)[0]
    indent = " " * first.col_offset
    for argument in function.args.args:
        name = argument.arg
        for said in (f"{name} = {name}.copy()", f"{name} = np.array({name}, dtype=float)"):
            yield (2, 12), Change(start, start, f"{said}\n{indent}", "a copy that is missing", first.lineno)


def _moved(block: Sequence[ast.stmt], text: Text) -> Iterator[Ranked]:
    for before, after in zip(block, [*block[1:], None], strict=True):
        if isinstance(before, ast.For | ast.While):
            last = before.body[-1]
            if len(before.body) > 1 and not before.orelse:
                yield (1, 14), _indented(last, text, before.col_offset)
            if after is not None:
                yield (1, 14), _indented(after, text, last.col_offset)


def _indented(statement: ast.stmt, text: Text, column: int) -> Change:
    first, last = statement.lineno, statement.end_lineno or statement.lineno
    shift = column - statement.col_offset
    lines = [_shifted(line, shift) for line in text.lines(first, last)]
    start = text.line_start(first)
    return Change(start, text.line_start(last + 1) - 1, "\n".join(lines), "in or out of the loop", first)


def _shifted(line: str, by: int) -> str:
    return " " * by + line if by > 0 else line[-by:] if line[:-by].isspace() else line


def _dropped(block: Sequence[ast.stmt], text: Text) -> Iterator[Ranked]:
    for statement in block:
        if isinstance(statement, ast.Assign | ast.AugAssign | ast.Expr | ast.If) and not _is_docstring(statement):
            yield (2, 14), text.replaced(statement, "pass", "a line too many")


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
