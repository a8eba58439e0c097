"""Changes of statements: a copy at the top, a condition turned, a line in or out of a loop, a line dropped."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from .edits import Ranked, Text
from .model import Change


def changed_statements(function: ast.FunctionDef, text: Text) -> Iterator[Ranked]:
    """Every change of one statement."""
    yield from _copies(function, text)
    yield from _swapped_names(function, text)
    yield from _returned_at_the_end(function.body[-1], text)
    for node in ast.walk(function):
        if isinstance(node, ast.If | ast.While):
            test = text.of(node.test)
            yield (1, 9), text.replaced(node.test, f"not ({test})", "the condition")
            if isinstance(node, ast.If):
                yield (1, 10), text.replaced(node.test, "True", "the condition")
                yield (1, 10), text.replaced(node.test, "False", "the condition")
        yield from _returned(node, text)
        yield from _ended(node, text)
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
    for argument, default in zip(reversed(function.args.args), reversed(function.args.defaults), strict=False):
        if isinstance(default, ast.List | ast.Dict | ast.Set):
            said = f"{argument.arg} = {text.of(default)}\n{indent}"
            yield (2, 12), Change(start, start, said, "a default value that is kept from call to call", first.lineno)


def _returned(node: ast.AST, text: Text) -> Iterator[Ranked]:
    """An answer in place of none: a return without a value, an assertion."""
    if isinstance(node, ast.Return) and node.value is None:
        for answer in ("False", "True"):
            yield (1, 9), text.replaced(node, f"return {answer}", "what is returned")
    if isinstance(node, ast.Assert):
        said = f"if not ({text.of(node.test)}):\n{' ' * (node.col_offset + 4)}return False"
        yield (1, 9), text.replaced(node, said, "an assertion")


def _ended(node: ast.AST, text: Text) -> Iterator[Ranked]:
    """A loop that goes on, or ends, where it should not."""
    if isinstance(node, ast.Break | ast.Continue):
        for said in ("continue", "break", "pass"):
            yield (1, 9), text.replaced(node, said, "where the loop ends")


def _returned_at_the_end(last: ast.stmt, text: Text) -> Iterator[Ranked]:
    """The last thing that is worked out, or the verdict, is returned."""
    if isinstance(last, ast.Expr):
        for said in (text.of(last), "True", "False"):
            yield (1, 9), text.replaced(last, f"return {said}", "what is returned")
    elif isinstance(last, ast.Assign) and isinstance(last.targets[0], ast.Name):
        end = text.span(last)[1]
        said = f"\n{' ' * last.col_offset}return {last.targets[0].id}"
        yield (1, 9), Change(end, end, said, "what is returned", last.end_lineno or last.lineno)
    elif not isinstance(last, ast.Return):
        end = text.span(last)[1]
        said = f"\n{' ' * last.col_offset}return True"
        yield (2, 9), Change(end, end, said, "what is returned", last.end_lineno or last.lineno)


def _swapped_names(function: ast.FunctionDef, text: Text) -> Iterator[Ranked]:
    """Two variables swapped wherever a statement reads them."""
    for statement in ast.walk(function):
        if not isinstance(statement, ast.Assign | ast.AugAssign | ast.Return | ast.Expr):
            continue
        read = [n for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)]
        called = {id(n.func) for n in ast.walk(statement) if isinstance(n, ast.Call)}
        read = [each for each in read if id(each) not in called and each.id not in ("np", "numpy", "math")]
        names = list(dict.fromkeys(each.id for each in read))[:6]
        for place, one in enumerate(names):
            for other in names[place + 1 :]:
                swapped = {one: other, other: one}
                spans = [(*text.span(each), swapped[each.id]) for each in read if each.id in swapped]
                start, end = text.span(statement)
                yield (2, 10), text.replaced(statement, _rewritten(text.source, start, end, spans), "the order")


def _rewritten(source: str, start: int, end: int, spans: Sequence[tuple[int, int, str]]) -> str:
    """A stretch of the source with these stretches of it in other words."""
    said, here = "", start
    for first, last, new in sorted(spans):
        said, here = said + source[here:first] + new, last
    return said + source[here:end]


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
