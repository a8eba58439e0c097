"""What a statement does to things that aren't its own: to arguments of the functions that it calls, and to modules.

`np.random.seed(0)` and `setup(state)` bind no name, and a graded function may rely on either.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from .scopes import aliases_of, called_name, calls_in, effects_of, nodes_in, nodes_of_kind, parts_of, root_of

#: What functions are called that set something for the whole process or module.
_SETS = re.compile(
    r"(?:set|seed|use|manual_seed|filterwarnings|simplefilter|resetwarnings|enable|disable|config|register|basicConfig"
    r"|stack_size|update|install|patch)"
)
#: What holds for all code, whether or not that imports these modules itself.
FOR_ALL_CODE = frozenset({"sys", "warnings", "threading"})
#: Methods of which the result is used, and that change their object all the same.
_TAKES_OUT = frozenset({"pop", "popitem", "popleft", "setdefault"})


class Gift(NamedTuple):
    """An object of this name goes into a function of the file, at a position or by a keyword."""

    function: str  #: with a dot in front where it is a method
    place: int | str
    name: str


def gifts_of(statement: ast.stmt) -> Iterator[Gift]:
    """What a statement, when it runs, hands to functions that it calls for their effect: `setup(state)`."""
    for part in parts_of(statement):
        yield from _gifts(part)


def gifts_in(definition: ast.stmt) -> Iterator[Gift]:
    """What the functions of a definition hand to others."""
    for call in nodes_of_kind(ast.Call, definition):
        yield from _gifts_of_call(call)


def _gifts(part: ast.stmt) -> Iterator[Gift]:
    for call in calls_in(part):
        yield from _gifts_of_call(call)


def _gifts_of_call(call: ast.Call) -> Iterator[Gift]:
    function = call.func
    if not isinstance(function, ast.Name | ast.Attribute):
        return
    called = function.id if isinstance(function, ast.Name) else f".{function.attr}"
    given: list[tuple[int | str, ast.expr]] = [*enumerate(call.args)]
    given += [(each.arg or "", each.value) for each in call.keywords]
    for place, value in given:
        for name in root_of(value.value if isinstance(value, ast.Starred) else value):
            yield Gift(called, place, name)


class Takers(NamedTuple):
    """Of a function: which parameters it changes in place, and which it hands on to other functions."""

    parameters: tuple[str, ...]
    changed: frozenset[str]
    handed_on: dict[str, list[Gift]]  #: by the parameter

    def named(self, place: int | str) -> str:
        """The parameter that takes what is given at a place."""
        if isinstance(place, int):
            return self.parameters[min(place, len(self.parameters) - 1)] if self.parameters else ""
        return place


Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def functions_in(statement: ast.stmt) -> Iterator[tuple[str, Function]]:
    """The functions that a statement makes, by the names that calls have for them; a class is called as well."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        yield statement.name, statement
    elif isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Lambda):
        yield from ((target.id, statement.value) for target in statement.targets if isinstance(target, ast.Name))
    elif isinstance(statement, ast.ClassDef):
        for member in statement.body:
            if isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f".{member.name}", member
                if member.name == "__init__":
                    yield statement.name, member


def takers_of(function: Function, is_method: bool) -> Takers:
    """What a function does with its arguments."""
    changed, gifts, known_as = set[str](), dict[str, list[Gift]](), dict[str, set[str]]()
    body = [ast.Expr(function.body)] if isinstance(function, ast.Lambda) else function.body
    for node in (inner for part in body for inner in nodes_in(part)):
        if isinstance(node, ast.stmt) and not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            changed |= _changed_by(node)
            for gift in _gifts(node):
                gifts.setdefault(gift.name, []).append(gift)
            for alias in aliases_of(node):
                for name in alias.names:
                    known_as.setdefault(name, set()).update(alias.sources)
    waiting = list(changed)
    while waiting:  # what has a further name is changed under that one, too
        fresh = known_as.get(waiting.pop(), set()) - changed
        changed |= fresh
        waiting.extend(fresh)
    arguments = function.args
    named = [*arguments.posonlyargs, *arguments.args, *([arguments.vararg] if arguments.vararg else [])]
    if is_method and named and not _is_static(function):
        del named[0]
    return Takers(tuple(each.arg for each in named), frozenset(changed), gifts)


def called_for_effect(function: Function) -> Iterator[str]:
    """The functions that a function calls for their effect."""
    for node in () if isinstance(function, ast.Lambda) else nodes_of_kind(ast.Expr, function):
        if isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name):
            yield node.value.func.id


def _is_static(function: Function) -> bool:
    return any(getattr(each, "id", "") == "staticmethod" for each in getattr(function, "decorator_list", ()))


def _changed_by(part: ast.stmt) -> set[str]:
    found = effects_of(part)
    if isinstance(part, ast.Expr):
        return found.changes | found.methods
    call = getattr(part, "value", None)
    taken = isinstance(call, ast.Call) and called_name(call.func) in _TAKES_OUT
    return found.changes | found.methods if taken else found.changes


class Setting(NamedTuple):
    """Something is set of what this name stands for, by a function of it, where it isn't given a value."""

    root: str
    function: str | None  #: None where the name itself is called


def settings_of(statement: ast.stmt) -> frozenset[Setting]:
    """What a statement may set, where it does nothing else; else nothing.

    `np.seterr(all="ignore")`, `getcontext().prec = 50`, `try: sys.setrecursionlimit(10**6)`.
    """
    roots = set[Setting]()
    for part in parts_of(statement):
        if isinstance(part, ast.If | ast.Try | ast.With | ast.Pass):
            continue
        found = set(_set_by(part))
        if not found:
            return frozenset()
        roots |= found
    return frozenset(roots)


def sets(function: str) -> bool:
    """Whether a function of that name sets something, as far as names tell."""
    return bool(_SETS.match(function))


def _set_by(part: ast.stmt) -> Iterator[Setting]:
    if isinstance(part, ast.Expr) and isinstance(part.value, ast.Call):
        function = part.value.func
        if not _only_hides_warnings(part.value):
            called = None if isinstance(function, ast.Name) else called_name(function)
            yield from (Setting(name, called) for name in root_of(function))
    elif isinstance(part, ast.Assign | ast.AugAssign):
        targets = part.targets if isinstance(part, ast.Assign) else [part.target]
        if not any(isinstance(target, ast.Name | ast.Tuple | ast.List | ast.Starred) for target in targets):
            yield from (Setting(name, "set") for target in targets for name in root_of(target))


def _only_hides_warnings(call: ast.Call) -> bool:
    """Whether it is `warnings.filterwarnings("ignore", …)`: no warning is shown here anyway."""
    hides = bool(call.args) and isinstance(call.args[0], ast.Constant) and call.args[0].value == "ignore"
    return hides and called_name(call.func) in ("filterwarnings", "simplefilter")


def makes_errors(text: str) -> bool:
    """Whether a setting turns warnings into exceptions, which right code seldom expects."""
    return ("raise" in text and "seterr" in text) or ("error" in text and "warnings" in text)


def is_constant(statement: ast.stmt) -> bool:
    """Whether a statement only gives a name to what takes no time to compute: it calls nothing."""
    return isinstance(statement, ast.Assign | ast.AnnAssign) and not any(
        isinstance(node, ast.Call | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp | ast.Await)
        for node in nodes_in(statement)
    )
