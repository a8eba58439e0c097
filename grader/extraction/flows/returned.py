"""What a return gives back, taken apart: the results of a tuple, and the blocks of one that is put together."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from .model import Piece
from .names import name_called, names_read

#: What changes the shape of a value alone, as a method or as a function.
_SHAPING = frozenset(
    ("ravel", "flatten", "reshape", "copy", "squeeze", "T", "astype", "item", "float", "array", "asarray", "tolist")
)
_MOST_STEPS = 5  #: from a name to where it was given its value

#: For each name the statements that may have given it its value.
Known = Mapping[str, frozenset[int]]


class Assigned(NamedTuple):
    """What a single name was given, and what was known there."""

    value: ast.expr
    known: Known


class Returned(NamedTuple):
    """A return: its expression, what is known there, and the statements that decide whether it runs."""

    value: ast.expr
    known: Known
    controls: frozenset[int]


class Taker:
    """Takes expressions apart, in a function whose first line has this number."""

    def __init__(self, start: int, assigned: Mapping[int, Assigned]) -> None:
        self._start = start
        self._assigned = assigned

    def results(self, returned: Returned) -> list[Returned]:
        """The entries of a tuple, or the one result."""
        value, known = self._look_through(returned.value, returned.known)
        if isinstance(value, ast.Tuple) and not any(isinstance(each, ast.Starred) for each in value.elts):
            return [Returned(each, known, returned.controls) for each in value.elts]
        return [returned]

    def piece(self, returned: Returned) -> Piece:
        """An expression, and what it needs."""
        value = returned.value
        found = (returned.known.get(name, frozenset()) for name in names_read([value]))
        needs = returned.controls.union(*found)
        last = value.end_lineno or value.lineno
        return Piece(value.lineno - self._start, last - self._start, tuple(sorted(needs)))

    def blocks(self, returned: Returned) -> list[Piece]:
        """What a result is put together from: the arguments of one call, or the entries of the list in it."""
        value, known = self._look_through(_without_shape(returned.value), returned.known)
        args = _put_together(_without_shape(value))
        if len(args) == 1:
            listed, known = self._look_through(_listed_in(args[0]), known)
            args = listed.elts if isinstance(listed, ast.Tuple | ast.List) else []
        if len(args) < 2 or any(isinstance(each, ast.Starred) for each in args):
            return []
        return [self.piece(Returned(each, known, returned.controls)) for each in args]

    def _look_through(self, value: ast.expr, known: Known) -> tuple[ast.expr, Known]:
        """What a name was given, where only one statement can have done so."""
        for _ in range(_MOST_STEPS):
            givers = known.get(value.id, frozenset()) if isinstance(value, ast.Name) else frozenset()
            assigned = self._assigned.get(next(iter(givers))) if len(givers) == 1 else None
            if assigned is None:
                break
            value, known = assigned
        return value, known


def _put_together(value: ast.expr) -> Sequence[ast.expr]:
    """The arguments of what may put arrays together: of numpy's functions those that take a list, and `append`."""
    if not isinstance(value, ast.Call):
        return ()
    is_numpys = isinstance(value.func, ast.Attribute) and value.func.attr != "append"
    return () if len(value.args) > 1 and (is_numpys or value.keywords) else value.args


def _listed_in(value: ast.expr) -> ast.expr:
    """Of `[g.ravel() for g in blocks]` the blocks, in whatever order they have; else the value itself."""
    if isinstance(value, ast.ListComp | ast.GeneratorExp) and len(value.generators) == 1:
        generator = value.generators[0]
        return value if generator.ifs else generator.iter
    return value


def _without_shape(value: ast.expr) -> ast.expr:
    """The value that only its shape is changed of."""
    while True:
        if isinstance(value, ast.Attribute) and value.attr in _SHAPING:
            value = value.value
        elif isinstance(value, ast.Call) and (inner := _shaped_by(value)) is not None:
            value = inner
        else:
            return value


def _shaped_by(call: ast.Call) -> ast.expr | None:
    """What a call gives another shape: `x` of `x.ravel()`, `np.ravel(x)` and `float(x)`."""
    if name_called(call) not in _SHAPING:
        return None
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    if owner is None or (isinstance(owner, ast.Name) and owner.id in ("np", "numpy")):
        return call.args[0] if call.args else None
    return owner
