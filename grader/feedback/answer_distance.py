"""How far an answer is from the truth: for telling which of two wrong answers is nearer."""

from __future__ import annotations

from typing import Any

import numpy as np

#: Parts of a result beyond this many count as wrong.
_MOST_PARTS = 100


def distance(value: Any, truth: Any) -> float:
    """From 0, the same, to 1, nothing in common: of results with several parts the mean over them."""
    if isinstance(truth, dict) and isinstance(value, dict):
        parts = [(value.get(key), truth[key]) for key in truth][:_MOST_PARTS]
    elif isinstance(truth, (tuple, list)) and isinstance(value, (tuple, list)) and len(value) == len(truth):
        parts = list(zip(value, truth, strict=True))[:_MOST_PARTS]
    else:
        return _of_arrays(value, truth)
    return sum(distance(*each) for each in parts) / max(1, len(parts))


def _of_arrays(value: Any, truth: Any) -> float:
    try:
        given, right = np.asarray(value, dtype=complex), np.asarray(truth, dtype=complex)
    except (TypeError, ValueError, OverflowError):
        return 1.0
    if given.shape != right.shape and given.size != right.size:
        return 1.0
    with np.errstate(all="ignore"):
        off = np.abs(given.reshape(-1) - right.reshape(-1)) / (np.abs(right.reshape(-1)) + 1e-12)
    off = np.where(np.isfinite(off), off, 1e12)
    return float(np.mean(off / (1.0 + off))) if off.size else 0.0
