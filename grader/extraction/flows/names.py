"""The names that a statement reads, gives values, and may change in place."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence

#: Methods that change what they are called on.
_CHANGING = frozenset(
    ("append", "extend", "insert", "add", "update", "pop", "remove", "sort", "reverse", "clear", "fill", "setdefault")
)
#: What shows its arguments and leaves them alone.
_SHOWING = frozenset(("print", "len", "isinstance", "repr", "str"))
_MODULES = frozenset(("np", "numpy", "math"))
_CHANGEABLE = (ast.List, ast.Dict, ast.Set, ast.Call)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
#: What they bind is gone behind them; and `:=`, which may not come to its turn.
_WITH_NAMES_OF_THEIR_OWN = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.NamedExpr)


def names_read(nodes: Iterable[ast.AST]) -> set[str]:
    """The names whose values are asked for, anywhere in these nodes."""
    return {each.id for node in nodes for each in ast.walk(node) if isinstance(each, ast.Name) and _is_load(each)}


def _is_load(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Load)


def names_made(nodes: Iterable[ast.AST]) -> set[str]:
    """The names that are bound anew: what they held before is gone."""
    made, left = set[str](), list(nodes)
    while left:
        node = left.pop()
        if isinstance(node, _DEFINITIONS):
            made.add(node.name)
        elif isinstance(node, ast.alias):
            made.add((node.asname or node.name).partition(".")[0])
        elif isinstance(node, ast.Name):
            made.update(() if _is_load(node) else (node.id,))
        elif not isinstance(node, _WITH_NAMES_OF_THEIR_OWN):
            left.extend(ast.iter_child_nodes(node))
    return made


def names_changed(nodes: Iterable[ast.AST]) -> set[str]:
    """The names whose values may be changed in place: `x[i] = …`, `x.append(…)`, `out=x`, `fill(x)` by itself."""
    return {name for node in nodes for each in ast.walk(node) for name in _changed_by(each)}


def _changed_by(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Subscript | ast.Attribute) and not isinstance(node.ctx, ast.Load):
        yield from base_of(node)
    elif isinstance(node, ast.NamedExpr):
        yield node.target.id
    elif isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute) and node.func.attr in _CHANGING:
            yield from base_of(node.func)
        for keyword in node.keywords:
            if keyword.arg == "out":
                yield from names_read([keyword.value])
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and name_called(node.value) not in _SHOWING:
        # What stands by itself is there for what it changes: `fill(x)`, `x.fill(0)`.
        yield from names_read([*node.value.args, *(each.value for each in node.value.keywords)])
        yield from base_of(node.value.func) if isinstance(node.value.func, ast.Attribute) else ()


def base_of(node: ast.expr) -> Iterator[str]:
    """The name that a chain of attributes, subscripts and calls begins with."""
    while isinstance(node, ast.Subscript | ast.Attribute | ast.Call | ast.Starred):
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Name):
        yield node.id


def name_called(call: ast.Call) -> str:
    """The last word of what is called: "append" of `np.append(…)`."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def names_kept(function: ast.FunctionDef, aliases: Aliases) -> set[str]:
    """What a function changes and what stays after a call: variables of the module, and defaults of arguments."""
    given = function.args
    arguments = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    said = {name for node in ast.walk(function) if isinstance(node, ast.Global | ast.Nonlocal) for name in node.names}
    own = names_made(function.body) - said | {each.arg for each in arguments}
    changed = names_changed(function.body)
    changed |= {name for each in changed for name in aliases.of(each)}
    positional = [each.arg for each in (*given.posonlyargs, *given.args)]
    defaults = zip(reversed(positional), reversed(given.defaults), strict=False)
    lasting = {name for name, default in defaults if isinstance(default, _CHANGEABLE)}
    return (changed - own | said | (changed & lasting)) - _MODULES


class Aliases:
    """Which names may stand for the same array, or for a part of it: `b = a`, `b = a[0]`, `b = a.T`, `b = part(a)`."""

    def __init__(self, function: ast.AST) -> None:
        self._same: dict[str, frozenset[str]] = {}
        self._given: dict[str, set[str]] = {}  #: what helpers got, of which they may have given back a part
        for node in ast.walk(function):
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                self._add(node.targets if isinstance(node, ast.Assign) else [node.target], node.value)
            elif isinstance(node, ast.For | ast.comprehension):
                self._add([node.target], node.iter)

    def _add(self, targets: Sequence[ast.expr], value: ast.expr) -> None:
        names = names_made(targets)
        same = names.union(_viewed(value)) - _MODULES
        joined = frozenset(same).union(*(self._same.get(name, frozenset()) for name in same))
        if same != names:
            self._same |= dict.fromkeys(joined, joined)
        for name in names:
            self._given.setdefault(name, set()).update(_handed_on(value))

    def of(self, name: str) -> set[str]:
        """The names whose values change where this one's is changed in place."""
        same = {name} | self._same.get(name, frozenset())
        return same.union(*(self._given.get(each, ()) for each in same))


def _viewed(value: ast.expr) -> Iterator[str]:
    """The names of which a value may be a view."""
    values: Sequence[ast.expr] = value.elts if isinstance(value, ast.Tuple | ast.List) else [value]
    for each in values:
        if isinstance(each, ast.Name | ast.Subscript | ast.Attribute):
            yield from base_of(each)
        elif isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute):
            yield from base_of(each.func.value)


def _handed_on(value: ast.expr) -> Iterator[str]:
    if isinstance(value, ast.Call):
        yield from (arg.id for arg in value.args if isinstance(arg, ast.Name))
