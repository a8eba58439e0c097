"""What goes wrong in gradcheck_naive. Names continue "your answers agree with: ..."."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt
from functions import ABSOLUTE, RELATIVE, gradcheck_naive

from grader.reference import mistake

Array = npt.NDArray[np.float64]
Function = Callable[[Array], tuple[float, Array]]
Index = tuple[int, ...]

STEP = 1e-4


def _cost(f: Function, x: Array, index: Index, step: float) -> float:
    moved = np.array(x)
    moved[index] += step
    return float(f(moved)[0])


def _slope(f: Function, x: Array, index: Index, step: float = STEP) -> float:
    return (_cost(f, x, index, step) - _cost(f, x, index, -step)) / (2 * step)


def _slopes(f: Function, x: Array, step: float = STEP) -> Array:
    return np.array([_slope(f, x, index, step) for index in np.ndindex(x.shape)])


def _gradient(f: Function, x: Array) -> Array:
    return np.ravel(f(np.array(x))[1])


def _agree(slope: float, entry: float) -> bool:
    return bool(abs(slope - entry) <= max(ABSOLUTE, RELATIVE * abs(slope)))


def _agree_at(f: Function, x: Array, indices: Iterable[Index]) -> bool:
    gradient = f(np.array(x))[1]
    return all(_agree(_slope(f, x, index), float(gradient[index])) for index in indices)


@mistake(
    "gradcheck_naive",
    name="every gradient passes the check",
    hint="What does your function return where an entry is wrong? Try a gradient that you made wrong yourself.",
)
def gradcheck_always_passes(f: Function, x: Array) -> bool:
    f(x)
    return True


@mistake(
    "gradcheck_naive",
    name="no gradient passes the check",
    hint="Try x squared, whose gradient you know. Does your function return its answer, or only print it?",
)
def gradcheck_never_passes(f: Function, x: Array) -> bool:
    f(x)
    return False


@mistake(
    "gradcheck_naive",
    name="True and False that changed places",
    hint="Something truthy means that the gradient is right.",
)
def gradcheck_inverted(f: Function, x: Array) -> bool:
    return not gradcheck_naive(f, x)


@mistake(
    "gradcheck_naive",
    name="signs that are compared, not slopes",
    hint="Try a gradient that is twice too large.",
)
def gradcheck_of_signs(f: Function, x: Array) -> bool:
    return bool(np.all(np.sign(_slopes(f, x)) == np.sign(_gradient(f, x))))


@mistake(
    "gradcheck_naive",
    name="sizes that are compared, not signs",
    hint="Try a gradient whose sign is turned.",
    credit="1/2",
)
def gradcheck_of_sizes(f: Function, x: Array) -> bool:
    return all(map(_agree, np.abs(_slopes(f, x)), np.abs(_gradient(f, x))))


@mistake(
    "gradcheck_naive",
    name="gradients that are too large pass",
    hint="Is your difference of the two slopes negative where the gradient is too large?",
    credit="1/4",
)
def gradcheck_without_absolute_value(f: Function, x: Array) -> bool:
    slopes, gradient = _slopes(f, x), _gradient(f, x)
    return bool(np.all(slopes - gradient <= np.maximum(ABSOLUTE, RELATIVE * np.abs(slopes))))


@mistake(
    "gradcheck_naive",
    name="gradients that are too small pass",
    hint="Is your difference of the two slopes negative where the gradient is too small?",
    credit="1/4",
)
def gradcheck_without_absolute_value_the_other_way(f: Function, x: Array) -> bool:
    slopes, gradient = _slopes(f, x), _gradient(f, x)
    return bool(np.all(gradient - slopes <= np.maximum(ABSOLUTE, RELATIVE * np.abs(slopes))))


@mistake(
    "gradcheck_naive",
    name="the first entry only",
    hint="Where does your `return` stand: inside the loop or after it?",
    credit="1/4",
)
def gradcheck_of_first_entry(f: Function, x: Array) -> bool:
    return _agree_at(f, x, list(np.ndindex(x.shape))[:1])


@mistake(
    "gradcheck_naive",
    name="the last entry only",
    hint="Does a later entry overwrite what an earlier one found?",
    credit="1/4",
)
def gradcheck_of_last_entry(f: Function, x: Array) -> bool:
    return _agree_at(f, x, list(np.ndindex(x.shape))[-1:])


@mistake(
    "gradcheck_naive",
    name="every second entry only",
    hint="Count the entries that your loop looks at. Does something advance the iterator twice?",
    credit="1/4",
)
def gradcheck_of_every_second_entry(f: Function, x: Array) -> bool:
    return _agree_at(f, x, list(np.ndindex(x.shape))[::2])


@mistake(
    "gradcheck_naive",
    name="all entries but the last",
    hint="Count the entries that your loop looks at.",
    credit="1/2",
)
def gradcheck_of_all_but_last(f: Function, x: Array) -> bool:
    return _agree_at(f, x, list(np.ndindex(x.shape))[:-1])


@mistake(
    "gradcheck_naive",
    name="all entries but the first",
    hint="Count the entries that your loop looks at.",
    credit="1/2",
)
def gradcheck_of_all_but_first(f: Function, x: Array) -> bool:
    return _agree_at(f, x, list(np.ndindex(x.shape))[1:])


@mistake(
    "gradcheck_naive",
    name="the first row only",
    hint="Count the entries that your loop looks at, for an x with two axes.",
    credit="1/2",
)
def gradcheck_of_first_row(f: Function, x: Array) -> bool:
    return _agree_at(f, x, [index for index in np.ndindex(x.shape) if sum(index[:-1]) == 0])


@mistake(
    "gradcheck_naive",
    name="one right entry is enough",
    hint="A gradient is right if ALL of its entries are.",
    credit="1/4",
)
def gradcheck_of_any_entry(f: Function, x: Array) -> bool:
    return any(map(_agree, _slopes(f, x), _gradient(f, x)))


@mistake(
    "gradcheck_naive",
    name="sums over the entries, compared",
    hint="Add 1 to one entry of a right gradient and take 1 from another: does your check notice?",
    credit="1/4",
)
def gradcheck_of_sums(f: Function, x: Array) -> bool:
    return _agree(float(np.sum(_slopes(f, x))), float(np.sum(_gradient(f, x))))


@mistake(
    "gradcheck_naive",
    name="lengths of the two gradients, compared",
    hint="Two arrows of the same length may point anywhere.",
    credit="1/4",
)
def gradcheck_of_norms(f: Function, x: Array) -> bool:
    return _agree(float(np.linalg.norm(_slopes(f, x))), float(np.linalg.norm(_gradient(f, x))))


@mistake(
    "gradcheck_naive",
    name="the mean error over all entries",
    hint="How wrong may one entry be in an array of many before your check notices?",
    credit="1/2",
)
def gradcheck_of_mean_error(f: Function, x: Array) -> bool:
    slopes, gradient = _slopes(f, x), _gradient(f, x)
    allowed = max(ABSOLUTE, RELATIVE * float(np.mean(np.abs(slopes))))
    return bool(np.mean(np.abs(slopes - gradient)) <= allowed)


@mistake(
    "gradcheck_naive",
    name="f of one entry, not of the whole of x",
    hint="f takes the whole of x, with one entry moved. Does its cost depend on the other entries too?",
)
def gradcheck_of_one_element(f: Function, x: Array) -> bool:
    gradient = f(np.array(x))[1]
    return all(_agree(_slope(f, np.array(x[index]), ()), float(gradient[index])) for index in np.ndindex(x.shape))


@mistake(
    "gradcheck_naive",
    name="all entries moved at once",
    hint="A partial derivative moves one entry and leaves the others where they are.",
)
def gradcheck_moving_all(f: Function, x: Array) -> bool:
    slope = (f(x + STEP)[0] - f(x - STEP)[0]) / (2 * STEP)
    return all(_agree(slope, entry) for entry in _gradient(f, x))


@mistake(
    "gradcheck_naive",
    name="a whole row moved at once",
    hint="For an x with two axes, `x[i]` is a row. Which index names a single entry?",
    credit="1/4",
)
def gradcheck_moving_rows(f: Function, x: Array) -> bool:
    gradient = f(np.array(x))[1]
    pairs = ((_slope(f, x, (i,)), gradient[i]) for i in range(len(x)))
    return all(_agree(slope, entry) for slope, entries in pairs for entry in np.ravel(entries))


@mistake(
    "gradcheck_naive",
    name="right answers, and x left one step aside",
    hint="Compare x before and after the call. Does every step forwards have its step back?",
    credit="1/2",
)
def gradcheck_leaving_x_moved(f: Function, x: Array) -> bool:
    right = gradcheck_naive(f, np.array(x))
    x += STEP
    return right


@mistake(
    "gradcheck_naive",
    name="right answers, and x left one step behind",
    hint="Compare x before and after the call. Does every step back have its step forwards?",
    credit="1/2",
)
def gradcheck_leaving_x_behind(f: Function, x: Array) -> bool:
    right = gradcheck_naive(f, np.array(x))
    x -= STEP
    return right


@mistake(
    "gradcheck_naive",
    name="an absolute threshold, however large the gradient",
    hint="How many digits are left of a difference of two costs around a million? Try a steep function.",
    credit="1/2",
)
def gradcheck_with_absolute_threshold(f: Function, x: Array) -> bool:
    return bool(np.all(np.abs(_slopes(f, x) - _gradient(f, x)) <= 1e-5))


@mistake(
    "gradcheck_naive",
    name="a relative threshold, however small the gradient",
    hint="Try a gradient with an entry that is zero or nearly so: by what do you divide?",
    credit="1/2",
)
def gradcheck_with_relative_threshold(f: Function, x: Array) -> bool:
    slopes, gradient = _slopes(f, x), _gradient(f, x)
    return bool(np.all(np.abs(slopes - gradient) / np.maximum(np.abs(slopes), np.abs(gradient)) <= 1e-5))


@mistake(
    "gradcheck_naive",
    name="gradients that are ten percent off pass",
    hint="How close do two right slopes come to each other? Make your threshold smaller.",
    credit="1/2",
)
def gradcheck_with_loose_threshold(f: Function, x: Array) -> bool:
    slopes, gradient = _slopes(f, x), _gradient(f, x)
    return bool(np.all(np.abs(slopes - gradient) <= 0.1 * np.maximum(1.0, np.abs(slopes))))


@mistake(
    "gradcheck_naive",
    name="differences over two steps, divided by one",
    hint="How far apart are the two places at which you take the cost?",
    credit="1/2",
)
def gradcheck_without_the_two(f: Function, x: Array) -> bool:
    return all(map(_agree, 2 * _slopes(f, x), _gradient(f, x)))


@mistake(
    "gradcheck_naive",
    name="differences over one step, divided by two",
    hint="How far apart are the two places at which you take the cost?",
    credit="1/2",
)
def gradcheck_with_a_two_too_many(f: Function, x: Array) -> bool:
    return all(map(_agree, _slopes(f, x) / 2, _gradient(f, x)))


@mistake(
    "gradcheck_naive",
    name="differences with their sign turned",
    hint="Which of the two costs stands first in your difference?",
    credit="1/4",
)
def gradcheck_backwards(f: Function, x: Array) -> bool:
    return all(map(_agree, -_slopes(f, x), _gradient(f, x)))


@mistake(
    "gradcheck_naive",
    name="differences that aren't divided by the step",
    hint="A slope is a difference of costs per step.",
)
def gradcheck_without_division(f: Function, x: Array) -> bool:
    return all(map(_agree, 2 * STEP * _slopes(f, x), _gradient(f, x)))


@mistake(
    "gradcheck_naive",
    name="steps so large that the function bends between them",
    hint="How much does the slope change over one of your steps? Try a function with curvature.",
    credit="1/2",
)
def gradcheck_with_large_steps(f: Function, x: Array) -> bool:
    return all(map(_agree, _slopes(f, x, step=1.0), _gradient(f, x)))


@mistake(
    "gradcheck_naive",
    name="steps so small that rounding is all that's left",
    hint="How many digits does a float64 have, and how many of them differ between your two costs?",
    credit="1/2",
)
def gradcheck_with_tiny_steps(f: Function, x: Array) -> bool:
    return all(map(_agree, _slopes(f, x, step=1e-15), _gradient(f, x)))


@mistake(
    "gradcheck_naive",
    name="arrays that have axes only",
    hint="A 0-d array holds one number: it has no length, and its only index is ().",
    credit="1/2",
)
def gradcheck_of_arrays_with_axes(f: Function, x: Array) -> bool:
    len(x)
    return gradcheck_naive(f, x)


@mistake(
    "gradcheck_naive",
    name="vectors only",
    hint="x may have any shape: how do you visit the entries of an array with two axes?",
    credit="1/2",
)
def gradcheck_of_vectors(f: Function, x: Array) -> bool:
    if np.ndim(x) > 1:
        raise ValueError("The truth value of an array with more than one element is ambiguous.")
    return gradcheck_naive(f, x)
