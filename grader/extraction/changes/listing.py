"""All changes that are tried of one function: a fixed list, in a fixed order."""

from __future__ import annotations

import ast
import builtins
import keyword
import re
import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice

from .edits import Ranked, Text
from .expressions import changed_expressions
from .model import MOST_CHANGES, MOST_LETTERS, Change, Changes, join_changes
from .statements import changed_statements

#: A name that isn't an attribute or the name of a keyword argument.
_NAME = re.compile(r"(?<![\w.])[^\W\d]\w*(?!\s*=[^=])")
_KEPT = frozenset({*dir(builtins), "np", "numpy", "math"})
_MOST_OF_KEY = 200
#: More of them are not even sorted: a function of thousands of lines and names has millions.
_MOST_RANKED = 60_000
#: Of sorts of mistakes that are made more than once: operators to names.
_LIKELY = 10
#: What is written more often than this isn't a slip.
_MOST_PLACES = 6


def list_changes(modules: Mapping[str, str], entries: Mapping[str, tuple[str, str]], function: str) -> Changes | None:
    """The changes of a function that stands at the top of its module; None for all else."""
    module, name = entries.get(function, ("", ""))
    source = modules.get(module, "")
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    found = [each for each in tree.body if isinstance(each, ast.FunctionDef) and each.name == name]
    if not found or found[-1].decorator_list:
        return None
    node, text = found[-1], Text(source)
    start, end = text.span(node)
    if end - start > MOST_LETTERS or not source.startswith(f"def {name}", start):
        return None
    helpers = [each.name for each in tree.body if isinstance(each, ast.FunctionDef) and each.name != name]
    try:
        changes = tuple(
            islice(_only_python(source, node, text, _different(source, _all(node, text, helpers))), MOST_CHANGES)
        )
    except (RecursionError, ValueError, MemoryError):  # what is nested too deeply can't be written down again
        return None
    return Changes(module, start, end, start + 4, start + 4 + len(name), changes)


def _only_python(source: str, node: ast.FunctionDef, text: Text, changes: Iterable[Change]) -> Iterator[Change]:
    """Those with which the statements they touch compile: one that doesn't would cost all that are tried with it."""
    lines = [text.line_start(each.lineno) for each in node.body if each.lineno > node.lineno]
    starts = lines if len(lines) == len(node.body) else [text.line_start(node.lineno)]
    ends = [*starts[1:], text.span(node)[1]]
    lead = "def f():\n" if starts is lines else ""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        for change in changes:
            start = starts[max(0, bisect_right(starts, change.start) - 1)]
            end = ends[bisect_left(ends, min(change.end, ends[-1]))]
            if _compiles(lead + source[start : change.start] + change.text + source[change.end : end]):
                yield change


def _compiles(text: str) -> bool:
    try:
        compile(text, "change", "exec")
    except SyntaxError:
        return False
    return True


def _all(node: ast.FunctionDef, text: Text, helpers: list[str]) -> Iterator[Change]:
    every = chain(changed_statements(node, text), changed_expressions(node, text, helpers))
    ranked = list(islice(every, _MOST_RANKED))
    ranked += list(_everywhere(ranked, text.source))
    ranked.sort(key=lambda each: each[0])
    return (change for _, change in ranked)


def _everywhere(ranked: Sequence[Ranked], source: str) -> Iterator[Ranked]:
    """One wording for another at all its places, where a slip was made more than once: in a line, and in all lines."""
    places: dict[tuple[str, str, int], dict[int, Ranked]] = {}
    for each in ranked:
        (_, rank), change = each
        if change.end > change.start and rank <= _LIKELY:
            for line in (change.line, 0):
                places.setdefault((source[change.start : change.end], change.text, line), {})[change.start] = each
    for (_, _, line), found in places.items():
        changes = [change for _, change in found.values()]
        if 1 < len(found) <= _MOST_PLACES and (line or len({change.line for change in changes}) > 1):
            (size, rank), _ = next(iter(found.values()))
            if (joined := join_changes(source, changes)) is not None:
                yield (size + 1, rank), joined


def _different(source: str, changes: Iterator[Change]) -> Iterator[Change]:
    known: set[tuple[int, int, str]] = set()
    for change in changes:
        key = change[:3]
        if key not in known and source[change.start : change.end] != change.text:
            known.add(key)
            yield change._replace(key=_key(source[change.start : change.end], change.text))


def _key(old: str, new: str) -> str:
    """Both wordings with numbers for the names of variables, in the order in which they come."""
    numbers: dict[str, str] = {}

    def renamed(found: re.Match[str]) -> str:
        name = found[0]
        return name if keyword.iskeyword(name) or name in _KEPT else numbers.setdefault(name, f"v{len(numbers)}")

    return " -> ".join("".join(_NAME.sub(renamed, text).split()) for text in (old, new))[:_MOST_OF_KEY]
