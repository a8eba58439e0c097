"""Results that are the same up to a sign, a scale, an order or the names of labels.

An eigenvector may point either way, clusters come in any order. `align_to` gives the member of a result's class that
lies closest to the truth, so that it can be compared number by number like any other. EQUIVALENCES lists the classes:
a new one is two functions and a row there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]


class Equivalence(msgspec.Struct, frozen=True):
    """Which results are the same: all that is said of it anywhere."""

    align: Callable[[Array, Array], Array]  #: the first, told in the way that is closest to the second
    canonical: Callable[[Array], Array]  #: one and the same member for all results of a class, up to rounding
    words: str  #: what a report says that results were compared up to


def align_to(got: Array, want: Array, up_to: str) -> Array:
    """`got`, changed in the way that `up_to` (a key of EQUIVALENCES) allows to lie as close to `want` as it can.

    Both have one shape. What isn't finite, or can't be aligned, comes back as it is.
    """
    if got.shape != want.shape or not _has_numbers(got):
        return got
    return EQUIVALENCES[up_to].align(_as_numbers(got), _as_numbers(want))


def canonical_form(array: Array, up_to: str) -> Array:
    """One and the same member for all results of a class, up to rounding: to compare two results with each other."""
    return EQUIVALENCES[up_to].canonical(_as_numbers(array)) if array.ndim and _has_numbers(array) else array


def _has_numbers(array: Array) -> bool:
    return bool(array.size) and array.dtype.kind in "biuf" and bool(np.all(np.isfinite(array)))


def _as_numbers(array: Array) -> Array:
    """Truth values as 0 and 1, which have a sign and can be subtracted."""
    return array.astype(np.float64) if array.dtype.kind == "b" else array


# -- the closest member --------------------------------------------------------------------------------------------


def _with_sign(got: Array, want: Array) -> Array:
    return got if np.sum(got * want) >= 0 else -got


def _with_scale(got: Array, want: Array) -> Array:
    """Scaled to the least squared distance; a result of zeros has no scale."""
    size = np.sum(got * got)
    factor = np.sum(got * want) / size if size else 0.0
    return got * factor if factor else got


def _in_order(got: Array, want: Array) -> Array:
    """For each entry along the first axis of `want`, the closest of `got` that isn't taken yet."""
    if got.ndim == 0:
        return got
    left = list(range(len(got)))
    order = []
    for wanted in want:
        closest = min(left, key=lambda i: float(np.sum(np.abs(got[i] - wanted))))
        left.remove(closest)
        order.append(closest)
    return got[order]


def _with_names(got: Array, want: Array) -> Array:
    """Labels renamed to those of `want`, where the two group the same entries together."""
    pairs = set(zip(got.ravel().tolist(), want.ravel().tolist(), strict=True))
    names = dict(pairs)
    if len(pairs) != len(set(names.values())):  # a label stands for two, or two for one
        return got
    return np.array([names[label] for label in got.ravel().tolist()]).reshape(got.shape)


# -- one member for all --------------------------------------------------------------------------------------------


def _largest(array: Array) -> Any:
    return array.ravel()[np.argmax(np.round(np.abs(array), 6))]


def _positive(array: Array) -> Array:
    """The entry that is largest in size is positive."""
    sign = np.sign(_largest(array))
    return array / sign if sign else array


def _unit(array: Array) -> Array:
    """The entry that is largest in size is 1."""
    largest = _largest(array)
    return array / largest if largest else array


def _sorted(array: Array) -> Array:
    return array[np.lexsort(np.round(array.reshape(len(array), -1), 6).T[::-1])]


def _numbered(array: Array) -> Array:
    """Labels are the numbers from 0 on, in the order in which they first come."""
    _, first, names = np.unique(array.ravel(), return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[names].reshape(array.shape)


# -- rows and columns for themselves -------------------------------------------------------------------------------


def _by_rows(change: Callable[..., Array]) -> Callable[..., Array]:
    def rows(*arrays: Array) -> Array:
        if arrays[0].ndim != 2:
            return change(*arrays)
        return np.array([change(*each) for each in zip(*arrays, strict=True)])

    return rows


def _by_columns(change: Callable[..., Array]) -> Callable[..., Array]:
    return lambda *arrays: np.asarray(change(*(array.T for array in arrays)).T)


#: What a rubric may say after `up_to:`.
EQUIVALENCES: dict[str, Equivalence] = {
    "sign": Equivalence(_with_sign, _positive, "sign"),
    "sign of rows": Equivalence(_by_rows(_with_sign), _by_rows(_positive), "sign of rows"),
    "sign of columns": Equivalence(
        _by_columns(_by_rows(_with_sign)), _by_columns(_by_rows(_positive)), "sign of columns"
    ),
    "scale": Equivalence(_with_scale, _unit, "scale"),
    "scale of rows": Equivalence(_by_rows(_with_scale), _by_rows(_unit), "scale of rows"),
    "scale of columns": Equivalence(
        _by_columns(_by_rows(_with_scale)), _by_columns(_by_rows(_unit)), "scale of columns"
    ),
    "permutation": Equivalence(_in_order, _sorted, "permutation"),
    "permutation of rows": Equivalence(_in_order, _sorted, "permutation of rows"),
    "permutation of columns": Equivalence(_by_columns(_in_order), _by_columns(_sorted), "permutation of columns"),
    "permutation of labels": Equivalence(_with_names, _numbered, "permutation of labels"),
}
