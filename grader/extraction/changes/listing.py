"""All changes that are tried of one function: a fixed list, in a fixed order."""

from __future__ import annotations

import ast
import builtins
import keyword
import re
from collections.abc import Iterator, Mapping
from itertools import chain, islice

from .edits import Text
from .expressions import changed_expressions
from .model import MOST_CHANGES, MOST_LETTERS, Change, Changes
from .statements import changed_statements

#: A name that isn't an attribute or the name of a keyword argument.
_NAME = re.compile(r"(?<![\w.])[^\W\d]\w*(?!\s*=[^=])")
_KEPT = frozenset({*dir(builtins), "np", "numpy", "math"})
_MOST_OF_KEY = 200


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
    changes = tuple(islice(_different(source, chain(_all(node, text, helpers))), MOST_CHANGES))
    return Changes(module, start, end, start + 4, start + 4 + len(name), changes)


def _all(node: ast.FunctionDef, text: Text, helpers: list[str]) -> Iterator[Change]:
    ranked = [*changed_expressions(node, text, helpers), *changed_statements(node, text)]
    ranked.sort(key=lambda each: each[0])
    return (change for _, change in ranked)


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
