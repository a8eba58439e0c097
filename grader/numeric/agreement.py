"""Numbers: when two arrays agree, and what the slope of a function is.

Agreement is decided in one order: dtype, shape, NaN, infinities, values. A tolerance comes last, because
`max(|got - want|) > t` is False for NaN, and because arrays of different shapes broadcast to an answer that
means nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Literal

import msgspec
import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
Floats = np.ndarray[Any, np.dtype[np.float64]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]
Reason = Literal["dtype", "shape", "nan", "infinite", "value"]


class Tolerance(msgspec.Struct, frozen=True):
    """How far off an entry may be: `t * (|want| + scale)`.

    A relative tolerance alone is always wrong: entries near zero that come from a subtraction have no digits of
    their own.
    """

    relative: float = 1e-5
    float32: float = 2e-4  #: in place of `relative` where the result's own dtype has float32's digits or fewer
    #: None: the largest finite |want| of the array; a little where all are zero, or what rounding leaves of it.
    scale: float | None = None


class Worst(msgspec.Struct, frozen=True):
    """The entry that is furthest off."""

    index: tuple[int, ...]
    expected: float
    actual: float
    off: float  #: |actual - expected|
    allowed: float


class Mismatch(msgspec.Struct, frozen=True):
    """Why two arrays disagree: the first reason that applies."""

    reason: Reason
    worst: Worst | None = None  #: None for a wrong dtype or shape, and for complex numbers
    count: int = 0  #: how many entries are off for this reason


DEFAULT_TOLERANCE = Tolerance()
#: Zeros don't tell how large a rounding error is that a right sum misses them by: 1e-8 may be off, 2e-7 in float32.
SCALE_OF_ZERO = 1e-3
#: What rounding leaves of a zero is smaller than this, and no measure of anything either.
LEAST_SCALE = 1e-9
#: Kinds of numpy dtypes: bool, signed and unsigned integer, float.
_REAL_KINDS = "biuf"
_SINGLE_PRECISION = (np.float16, np.float32, np.complex64)


def compare(got: Array, want: Array, tolerance: Tolerance = DEFAULT_TOLERANCE) -> Mismatch | None:
    """The first reason why `got` isn't `want`, or None where every entry agrees.

    Real numbers of any dtype may stand for real numbers; complex ones only where `want` is complex. Shapes must be
    equal: nothing is broadcast. NaN agrees with nothing, not even with NaN; an infinity only with the same infinity.
    """
    if not _is_comparable(got, want):
        return Mismatch("dtype")
    if got.shape != want.shape:
        return Mismatch("shape")
    factor = _factor_for(got, tolerance)
    with np.errstate(all="ignore"):
        got, want = _widen(got), _widen(want)
        if _is_clearly_close(got, want, factor, tolerance.scale):
            return None
        return _first_disagreement(got, want, factor, tolerance.scale)


def agrees(got: Array, want: Array, tolerance: Tolerance) -> bool:
    """Whether `compare` finds nothing; where much is off, and nobody asks what, that is seen sooner."""
    if not _is_comparable(got, want) or got.shape != want.shape:
        return False
    factor = _factor_for(got, tolerance)
    with np.errstate(all="ignore"):
        got, want = _widen(got), _widen(want)
        largest, off = _largest(want), _largest(got - want)
        if math.isfinite(largest) and math.isfinite(off):
            allowed = factor * _scale_for(largest, tolerance.scale)  # for an entry of zero
            if not allowed < off <= factor * largest + allowed:
                return off <= allowed
        return _first_disagreement(got, want, factor, tolerance.scale) is None


def _is_comparable(got: Array, want: Array) -> bool:
    return got.dtype.kind in _REAL_KINDS or got.dtype.kind == want.dtype.kind == "c"


def _factor_for(got: Array, tolerance: Tolerance) -> float:
    return tolerance.float32 if got.dtype.type in _SINGLE_PRECISION else tolerance.relative


def _largest(array: Array) -> float:
    return float(np.abs(array).max(initial=0.0))


def _is_clearly_close(got: Array, want: Array, factor: float, scale: float | None) -> bool:
    """Whether all is finite, and no entry is off by more than the smallest one may be: most answers are that right.

    NaN and infinities of either array make one of the two largest numbers NaN or infinite.
    """
    largest, off = _largest(want), _largest(got - want)
    return math.isfinite(largest) and math.isfinite(off) and off <= factor * _scale_for(largest, scale)


def _scale_for(largest: float, scale: float | None) -> float:
    if scale is not None:
        return scale
    return largest if largest >= LEAST_SCALE else SCALE_OF_ZERO


def _widen(array: Array) -> Array:
    """The same numbers in double precision, so that no difference of them wraps around or is rounded."""
    return array.astype(np.complex128 if array.dtype.kind == "c" else np.float64)


def _first_disagreement(got: Array, want: Array, factor: float, scale: float | None) -> Mismatch | None:
    """NaN, then infinities, then values, for arrays of one shape in double precision."""
    off: Floats = np.abs(got - want)
    allowed = allowance(want, factor, scale)
    not_a_number = np.isnan(got) | np.isnan(want)
    infinite = np.isinf(got) | np.isinf(want)
    # `not <=` rather than `>`; and a difference that overflowed is off, however much the tolerance allows.
    too_far = ~infinite & ~((off <= allowed) & np.isfinite(off))
    reasons: tuple[tuple[Reason, Bools], ...] = (
        ("nan", not_a_number),
        ("infinite", infinite & (got != want)),
        ("value", too_far),
    )
    for reason, wrong in reasons:
        if wrong.any():
            return Mismatch(reason, _worst(got, want, off, allowed, wrong), int(np.count_nonzero(wrong)))
    return None


def allowance(want: Array, factor: float, scale: float | None) -> Floats:
    """How far each entry may be off. The factor goes in first: `|want| + scale` alone may overflow."""
    size: Floats = np.abs(want)
    largest = float(np.max(size, initial=0.0, where=np.isfinite(size))) if scale is None else 0.0
    return factor * size + factor * _scale_for(largest, scale)


def _worst(got: Array, want: Array, off: Floats, allowed: Floats, wrong: Bools) -> Worst | None:
    """The entry with the largest difference among the wrong ones; the first where none can be measured."""
    if got.dtype.kind == "c" or want.dtype.kind == "c":
        return None
    ranked = np.where(wrong, np.where(np.isnan(off), np.inf, off), -1.0)
    index = tuple(int(i) for i in np.unravel_index(int(np.argmax(ranked)), wrong.shape))
    return Worst(index, float(want[index]), float(got[index]), float(off[index]), float(allowed[index]))


class Derivative(msgspec.Struct, frozen=True):
    """A derivative, and an estimate of how far it may be off (infinite where there is none to give)."""

    value: float
    error: float


#: The first step of the differences; the last is some 3000 times smaller.
FIRST_STEP = 0.5
_ROWS = 18
_SHRINK = 1.6
_EPSILON = float(np.finfo(np.float64).eps)


def ridders(f: Callable[[float], float], x: float, step: float = FIRST_STEP, enough: float = 0.0) -> Derivative:
    """The derivative of a smooth `f` at `x`: central differences with shrinking steps, extrapolated to step zero.

    C. J. F. Ridders, "Accurate computation of F'(x) and F'(x)F''(x)", Advances in Engineering Software 4 (1982):
    the steps may stay large, so that rounding in `f` hardly matters. Of all extrapolations the one counts that
    differs least from its neighbours, the rounding of `f` counted in: small steps that agree by chance don't win.
    Steps at which `f` isn't finite are passed over. Calls `f` 36 times, or until the error estimate is below `enough`.
    """
    best = Derivative(math.nan, math.inf)
    above: list[float] = []
    for row in range(_ROWS):
        h = step / _SHRINK**row
        # x + h is rounded: divide by the step that was really taken.
        ahead, behind = x + h, x - h
        high, low = f(ahead), f(behind)
        difference = (high - low) / (ahead - behind)
        rounding = _EPSILON * max(abs(high), abs(low)) / h
        if not math.isfinite(difference):
            above = []
            continue
        current = [difference]
        for order, coarser in enumerate(above, start=1):
            finer = current[-1]
            current.append(finer + (finer - coarser) / (_SHRINK ** (2 * order) - 1))
            error = max(abs(current[-1] - finer), abs(current[-1] - coarser)) + rounding
            if error < best.error:
                best = Derivative(current[-1], error)
        above = current
        if best.error < enough:
            break
    return best


def ridders_gradient(f: Callable[[Floats], float], x: Array, step: float = FIRST_STEP, enough: float = 0.0) -> Floats:
    """The gradient of a smooth scalar function at `x`, of any shape, 0-d too: one `ridders` per entry.

    `f` gets an array of its own each time, so `x` is left alone, whatever `f` does.
    """
    gradient = np.empty(np.shape(x))
    for index in np.ndindex(gradient.shape):
        gradient[index] = ridders(_along(f, x, index), float(x[index]), step, enough).value
    return gradient


def _along(f: Callable[[Floats], float], x: Array, index: tuple[int, ...]) -> Callable[[float], float]:
    """`f` as a function of one entry of its argument."""

    def of_entry(entry: float) -> float:
        moved = np.array(x, dtype=np.float64)
        moved[index] = entry
        return float(f(moved))

    return of_entry


#: Where a five-point slope is measured, in steps from the middle.
STENCIL = (-2, -1, 1, 2)


def stencil(x: Array, direction: Array, step: float = 1e-3) -> tuple[Floats, ...]:
    """The four points `x + k * step * direction` at which `stencil_slope` wants the function's values."""
    return tuple(np.asarray(x, dtype=np.float64) + k * step * direction for k in STENCIL)


def stencil_slope(values: Sequence[float], step: float = 1e-3) -> float:
    """The slope along a direction, from the values at the points of `stencil`; right to O(step**4).

    Four known points, so that a student's own loss can be asked for all of them in one message.
    """
    two_behind, behind, ahead, two_ahead = values
    return (8 * (ahead - behind) - (two_ahead - two_behind)) / (12 * step)
