"""What reports say of a function that is an argument: in words and a formula, which its docstring has.

`Shown as: a plane: cost sum({lean} * x)` ends the docstring of a function or class of the reference; each name in
braces is one of its parameters, and what is bound to it takes its place.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from functools import cache

_SHOWN_AS = re.compile(r"^\s*Shown as:\s*(.+?)\s*(?:\n\s*\n|\Z)", re.DOTALL | re.MULTILINE)
_PLACE = re.compile(r"\{(\w+)\}")


def show_stub(source: str, name: str, bound: Mapping[str, str]) -> str:
    """A function as a report shows it.

    Args:
        source: of the function or class, as the instructor wrote it.
        bound: the text of each value that is bound to it.
    """
    formula = formula_of(source)
    if formula and set(_PLACE.findall(formula)) <= bound.keys():
        return _PLACE.sub(lambda found: bound[found[1]], formula)
    data = ", ".join(f"{parameter}={text}" for parameter, text in bound.items())
    return f"{name} with {data}" if data else name


@cache
def formula_of(source: str) -> str:
    """What the docstring has behind `Shown as:`, in one line; empty where it says nothing."""
    nodes = (node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef | ast.ClassDef))
    found = _SHOWN_AS.search(next(filter(None, map(ast.get_docstring, nodes)), ""))
    return " ".join(found[1].split()) if found else ""


def unknown_names(source: str, bound: Mapping[str, object]) -> list[str]:
    """The names in braces to which nothing is bound: a typing error, or data that a rubric leaves out."""
    return [name for name in dict.fromkeys(_PLACE.findall(formula_of(source))) if name not in bound]
