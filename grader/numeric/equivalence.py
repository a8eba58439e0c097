"""Results that are the same up to a sign, a scale, an order or the names of labels.

An eigenvector may point either way, clusters come in any order. `aligned` gives the member of a result's class that
lies closest to the truth, so that it can be compared number by number like any other.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


def align_to(got: Array, want: Array, up_to: str) -> Array:
    """`got`, changed in the way that `up_to` (a key of CLASSES) allows to lie as close to `want` as it can.

    Both have one shape. What isn't finite, or can't be aligned, comes back as it is.
    """
    if got.shape != want.shape or not got.size or got.dtype.kind not in "biuf" or not np.all(np.isfinite(got)):
        return got
    return EQUIVALENCES[up_to](got, want)


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


def _by_rows(align: Callable[[Array, Array], Array]) -> Callable[[Array, Array], Array]:
    def rows(got: Array, want: Array) -> Array:
        return np.array([align(a, b) for a, b in zip(got, want, strict=True)]) if got.ndim == 2 else align(got, want)

    return rows


def _by_columns(align: Callable[[Array, Array], Array]) -> Callable[[Array, Array], Array]:
    return lambda got, want: np.asarray(align(got.T, want.T).T)


#: What a rubric may say after `up_to:`.
EQUIVALENCES: dict[str, Callable[[Array, Array], Array]] = {
    "sign": _with_sign,
    "sign of rows": _by_rows(_with_sign),
    "sign of columns": _by_columns(_by_rows(_with_sign)),
    "scale": _with_scale,
    "scale of rows": _by_rows(_with_scale),
    "scale of columns": _by_columns(_by_rows(_with_scale)),
    "permutation": _in_order,
    "permutation of rows": _in_order,
    "permutation of columns": _by_columns(_in_order),
    "permutation of labels": _with_names,
}


def canonical_form(array: Array, up_to: str) -> Array:
    """One and the same member for all results of a class, up to rounding: to compare two results with each other."""
    if not array.size or array.ndim == 0 or array.dtype.kind not in "biuf" or not np.all(np.isfinite(array)):
        return array
    kind, _, of = up_to.partition(" of ")
    if of == "columns":
        return np.asarray(canonical_form(array.T, f"{kind} of rows").T)
    if of == "rows" and kind != "permutation" and array.ndim == 2:
        return np.array([canonical_form(row, kind) for row in array])
    if of == "labels":
        _, first, names = np.unique(array.ravel(), return_index=True, return_inverse=True)
        return np.argsort(np.argsort(first))[names].reshape(array.shape)
    if kind == "permutation":
        return array[np.lexsort(np.round(array.reshape(len(array), -1), 6).T[::-1])]
    largest = array.ravel()[np.argmax(np.round(np.abs(array), 6))]
    divisor = largest if kind == "scale" else np.sign(largest)
    return array / divisor if divisor else array
