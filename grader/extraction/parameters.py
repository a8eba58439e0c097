"""How many arguments a student's function takes: which of an assignment's signatures it was written for."""

from __future__ import annotations

import ast
from collections.abc import Sequence


def fitting(source: str, name: str, counts: Sequence[int]) -> int:
    """The position of the first count that the function's definition can take; 0 where none fits, or none is known.

    Args:
        source: a module in which `name` is defined by `def`, or as a `lambda`; the last definition counts.
        counts: numbers of positional arguments.
    """
    arguments = _arguments(source, name)
    if arguments is None:
        return 0
    most = len(arguments.posonlyargs) + len(arguments.args)
    least = most - len(arguments.defaults)
    limit = float("inf") if arguments.vararg else most
    return next((position for position, count in enumerate(counts) if least <= count <= limit), 0)


def _arguments(source: str, name: str) -> ast.arguments | None:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    found = [arguments for node in tree.body if (arguments := _definition(node, name)) is not None]
    return found[-1] if found else None


def _definition(node: ast.stmt, name: str) -> ast.arguments | None:
    if isinstance(node, ast.FunctionDef) and node.name == name:
        return node.args
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
        return node.value.args if any(isinstance(t, ast.Name) and t.id == name for t in node.targets) else None
    return None
