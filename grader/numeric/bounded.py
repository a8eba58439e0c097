"""Arithmetic on what a submission answered: bounded before it is done, whatever was answered.

A law such as `f(x).T @ f(x) == eye(D)` is computed in the trusted process. Operands of modest size can still ask for
any amount of memory (a column times a row, a list times a number) or time (an integer to the power of an integer).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import numpy as np

MOST_ENTRIES = 1 << 24  # of an intermediate result: 128 MiB of floats
MOST_BITS = 1 << 16  # of an integer

_SEQUENCES = (list, tuple)
_TEXTS = (str, bytes)
_EQUALITIES = (operator.eq, operator.ne)
#: Functions whose arguments' values say how many entries they make.
_MADE: dict[str, Callable[..., Any]] = {
    "arange": lambda *args: (args[1] - args[0] if len(args) > 1 else args[0]) / (args[2] if len(args) > 2 else 1),
    "eye": lambda *args: args[0] * args[-1],
    "full": lambda shape, *_: np.prod(shape, dtype=float),
    "linspace": lambda *args: args[2] if len(args) > 2 else 50,
    "ones": lambda shape, *_: np.prod(shape, dtype=float),
    "zeros": lambda shape, *_: np.prod(shape, dtype=float),
}


class TooLargeError(ValueError):
    """An operation would take more memory or time than any sensible law needs."""


def apply_bounded(operation: Callable[[Any, Any], Any], a: Any, b: Any) -> Any:
    """`operation(a, b)`. Raises `TooLargeError` where that would be too much, and what the operation raises."""
    if isinstance(a, _TEXTS) or isinstance(b, _TEXTS):
        if operation in _EQUALITIES:
            return operation(a, b)
        raise TypeError("no arithmetic is done with text")
    if isinstance(a, _SEQUENCES) and isinstance(b, _SEQUENCES) and operation in (operator.add, *_EQUALITIES):
        return operation(a, b)
    if isinstance(a, _SEQUENCES) and isinstance(b, int):
        _check_size(len(a) * abs(b))
        return operation(a, b)
    if isinstance(b, _SEQUENCES) and isinstance(a, int):
        return apply_bounded(operation, b, a) if operation is operator.mul else operation(a, b)
    if operation is operator.pow and isinstance(a, int) and isinstance(b, int):
        _check_size(a.bit_length() * max(b, 0), MOST_BITS)
    if operation is operator.matmul:
        _check_size(_product_size(np.shape(a), np.shape(b)))
    else:
        _check_size(_broadcast_size([np.shape(a), np.shape(b)]))
    return operation(_require_numbers(a), _require_numbers(b))


def check_call(name: str, args: Sequence[Any]) -> None:
    """Raise `TooLargeError` where a numpy function would make too large an array of these arguments."""
    shapes = [_shape(arg) for arg in args if isinstance(arg, (np.ndarray, *_SEQUENCES))]
    if name in _MADE:
        _check_size(abs(int(_MADE[name](*args))))
    elif name in ("outer", "dot", "matmul") and len(shapes) == 2:
        _check_size(prod(shapes[0]) * prod(shapes[1]) if name == "outer" else _product_size(*shapes))
    elif name == "diag" and shapes and len(shapes[0]) == 1:
        _check_size(shapes[0][0] ** 2)
    else:
        _check_size(_broadcast_size(shapes))


def _shape(value: Any) -> tuple[int, ...]:
    """The shape; of a list of unlike arrays, which `concatenate` takes, as many entries as all of them have."""
    try:
        return np.shape(value)
    except ValueError:
        return (sum(int(np.size(item)) for item in value),)


def _check_size(size: int, most: int = MOST_ENTRIES) -> None:
    if size > most:
        raise TooLargeError(f"it would take too much memory or time ({size:,})")


def _broadcast_size(shapes: Sequence[tuple[int, ...]]) -> int:
    """Entries of what shapes broadcast to; nought where they don't, since the operation then fails by itself."""
    try:
        return prod(np.broadcast_shapes(*shapes))
    except ValueError:
        return 0


def _product_size(a: tuple[int, ...], b: tuple[int, ...]) -> int:
    """At most how many entries a matrix product has."""
    rows, columns = prod(a[:-1]), prod(b) // max(b[-2] if len(b) > 1 else prod(b), 1)
    return rows * columns


def _require_numbers(value: Any) -> Any:
    """The value, unless it is a sequence that holds something else than numbers: such entries know no bounds."""
    if isinstance(value, _SEQUENCES) and np.asarray(value).dtype.kind not in "biufc":
        raise TypeError("arithmetic is done with numbers only")
    return value
