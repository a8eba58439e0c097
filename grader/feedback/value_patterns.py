"""How wrong numbers differ from the right ones: twice as large, rounded, in another order, right in one row only.

Each row of the tables is one way. Its name is given only where every answer agrees with it, right ones too: it must
hold wherever it was asked, and tells nothing that hangs on one input.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from grader.grading.grades import NamedMistake
from grader.numeric.agreement import Tolerance, compare

#: So many numbers, in so many answers, don't agree by chance.
_ENOUGH_NUMBERS, _ENOUGH_ANSWERS = 3, 2
#: The most decimals to which somebody rounds.
_MOST_DECIMALS = 6
#: How far off nearly right numbers are, of the largest one.
_NEARLY = 0.01
#: So much is rounding, which only a rubric with a strict tolerance calls wrong.
_ROUNDING = 1e-6
#: The least that isn't small: below, wrong numbers are often too near to right ones to be told from them.
_USUAL = 1.0
#: Where what saturates has done so.
_HUGE = 30.0


class Pair(NamedTuple):
    """A result, or a part of one, beside the right one."""

    got: Any  #: an array of the shape of `want`, else none fits
    want: Any
    tolerance: Tolerance
    passed: bool  #: whether the answer was right
    arguments: tuple[Any, ...]  #: the arrays among the arguments
    sizes: Mapping[str, int]  #: N, Dx, …

    def is_close(self, want: Any) -> bool:
        """Whether the result is `want`, as far as the check looks."""
        return self.got.shape == want.shape and compare(self.got, want, self.tolerance) is None


Ways = Callable[[Sequence[Pair]], Iterator[NamedMistake]]


def is_way_of_differing(mistake: str) -> bool:
    """Whether a name says how numbers differ, and no more: what is wrong with the code may still be looked for."""
    return mistake.startswith(_BEGINNINGS)


def ways_of_all_numbers(pairs: Sequence[Pair]) -> Iterator[NamedMistake]:
    """The way that accounts for every number, the most telling first."""
    yield from _tell(pairs, _OF_ALL)


def ways_of_some_numbers(pairs: Sequence[Pair]) -> Iterator[NamedMistake]:
    """What is true of every answer, and leaves open what the wrong numbers are."""
    yield from _tell(pairs, _OF_SOME)


def _tell(pairs: Sequence[Pair], ways: Sequence[Ways]) -> Iterator[NamedMistake]:
    is_wrong = not all(each.passed for each in pairs)
    if is_wrong and all(map(_is_comparable, pairs)) and _are_enough(pairs):
        with np.errstate(all="ignore"):
            for way in ways:
                yield from way(pairs)


def _is_comparable(pair: Pair) -> bool:
    numbers = pair.got.dtype.kind in "iuf" and pair.want.dtype.kind in "iuf"
    return bool(numbers and pair.got.shape == pair.want.shape and pair.want.size and np.isfinite(pair.want).all())


def _are_enough(pairs: Sequence[Pair]) -> bool:
    """Whether there are so many different right numbers that no two of them could agree with a way by chance."""
    return len(pairs) >= _ENOUGH_ANSWERS and len(np.unique(_all_wanted(pairs))) >= _ENOUGH_NUMBERS


def _all_wanted(pairs: Sequence[Pair]) -> Any:
    return np.concatenate([np.ravel(each.want) for each in pairs]).astype(np.float64)


def _all_got(pairs: Sequence[Pair]) -> Any:
    return np.concatenate([np.ravel(each.got) for each in pairs]).astype(np.float64)


# -- of all numbers ------------------------------------------------------------------------------------------------


def _always_same(pairs: Sequence[Pair]) -> Iterator[NamedMistake]:
    got = _all_got(pairs)
    if np.isfinite(got[0]) and np.all(got == got[0]):
        number = "0" if got[0] == 0 else _say(float(got[0]))
        yield NamedMistake(
            f"{SAME}: {number}" if number else SAME, "On which line does the result begin to depend on the arguments?"
        )


def _opposite_sign(pairs: Sequence[Pair]) -> Iterator[NamedMistake]:
    if all(each.is_close(-each.want) for each in pairs):
        yield NamedMistake(OPPOSITE, "Which difference or product has its sides or its sign the wrong way round?")


def _one_factor(pairs: Sequence[Pair]) -> Iterator[NamedMistake]:
    at = int(np.argmax(np.abs(_all_wanted(pairs))))
    factor = float(_all_got(pairs)[at] / _all_wanted(pairs)[at])
    if _say(factor) not in ("", "1") and all(each.is_close(factor * each.want) for each in pairs):
        yield NamedMistake(f"{FACTOR} {_say(factor)}", _ASK_FACTOR)


def _say(number: float) -> str:
    """One of a few numbers; empty for all others, by which code could tell what it was asked."""
    return next((said for said, known in _NUMBERS.items() if abs(number - known) < 1e-4 * abs(known)), "")


def _size_as_factor(pairs: Sequence[Pair]) -> Iterator[NamedMistake]:
    """The sizes that are named after an axis of an argument, wherever it has that axis."""
    axes = [(number, axis) for number in range(max(len(each.arguments) for each in pairs)) for axis in (0, -1)]
    named = {place: name for place in axes if (name := _name_of_axis(pairs, place))}
    fitting = {
        f"{sign}{name}"
        for place, name in named.items()
        for sign, power in (("", 1), ("1/", -1))
        if all(_is_multiple(each, place, power) for each in pairs)
    }
    if len(fitting) == 1:
        yield NamedMistake(f"{FACTOR} {fitting.pop()}", _ASK_FACTOR)


def _name_of_axis(pairs: Sequence[Pair], place: tuple[int, int]) -> str:
    """The one size that an axis always has, where sizes were drawn; empty where more than one may be meant."""
    drawn = [each for each in pairs if each.sizes and _length(each, place)]
    names = dict.fromkeys(name for each in drawn for name in each.sizes)
    fitting = [name for name in names if all(each.sizes.get(name) == _length(each, place) for each in drawn)]
    return fitting[0] if len(fitting) == 1 else ""


def _length(pair: Pair, place: tuple[int, int]) -> int:
    """The length of an axis of an argument; 0 where it isn't there: a vector has no rows."""
    number, axis = place
    if number >= len(pair.arguments) or (axis == 0 and pair.arguments[number].ndim < 2):
        return 0
    return int(pair.arguments[number].shape[axis])


def _is_multiple(pair: Pair, place: tuple[int, int], power: int) -> bool:
    """Whether it is the right result times a length; of vectors, which are often apart, the right one will do."""
    is_vector = bool(pair.arguments) and pair.arguments[0].ndim < 2
    if pair.passed and (is_vector or not _length(pair, place)):
        return True
    return bool(_length(pair, place)) and pair.is_close(pair.want * float(_length(pair, place)) ** power)


def _one_more_number(pairs: Sequence[Pair]) -> Iterator[NamedMistake]:
    more = float(_all_got(pairs)[0] - _all_wanted(pairs)[0])
    if _say(more) and all(each.is_close(each.want + more) for each in pairs):
        yield NamedMistake(f"{OFFSET} {_say(more)}", "Which line adds a number to each entry, or leaves one out?")


def _wrong_signs(pairs: Sequence[Pair]) -> Iterator[NamedMistake]:
    sizes = [each._replace(got=np.abs(each.got)) for each in pairs]
    if all(each.is_close(np.abs(each.want)) for each in sizes):
        yield NamedMistake(
            SIGNS, "Which line loses the sign: np.abs, a square, a difference taken the other way round?"
        )


def _one_step_more(pairs: Sequence[Pair]) -> Iterator[NamedMistake]:
    for said, step in _STEPS.items():
        if all(each.is_close(np.asarray(step(each.want))) for each in pairs):
            yield NamedMistake(f"{STEP} {said}", "Which step is one too many, or is left out?")


def _one_hot(want: Any) -> Any:
    return (want == np.max(want, axis=-1, keepdims=True)) * 1.0 if want.ndim else want * np.nan


def _rounded(pairs: Sequence[Pair]) -> Iterator[NamedMistake]:
    got, want = _all_got(pairs), _all_wanted(pairs)
    for decimals in range(_MOST_DECIMALS + 1):
        unit = 10.0**-decimals
        is_whole = np.all(np.abs(got / unit - np.round(got / unit)) < 1e-6)
        if is_whole and np.all(np.abs(got - want) <= 0.5 * unit * (1 + 1e-6)):
            yield NamedMistake(f"{ROUNDED} {decimals} decimals", "Which line rounds? Keep all digits to the end.")
            return
    if np.all(got == np.trunc(want)) or np.all(got == np.floor(want)):
        yield NamedMistake(WHOLE, "Which line makes whole numbers: int, //, astype(int), an array of int?")


def _other_order(pairs: Sequence[Pair]) -> Iterator[NamedMistake]:
    sorted_pairs = [each._replace(got=np.sort(each.got, axis=None)) for each in pairs]
    if all(each.is_close(np.sort(each.want, axis=None)) for each in sorted_pairs):
        yield NamedMistake(ORDER, "Which line sorts, reverses, shifts or reshapes? Compare the order of its entries.")


def _along_wrong_axis(pairs: Sequence[Pair]) -> Iterator[NamedMistake]:
    """Rows that should have one sum, where the columns have it."""
    batches = [each for each in pairs if each.want.ndim == 2 and min(each.want.shape) > 1]
    others = [each for each in pairs if each.want.ndim != 2]
    if batches and all(each.passed for each in others) and all(map(_has_turned_sums, batches)):
        yield NamedMistake(AXIS, "Along which axis do the entries of one row lie? Look at each axis=.")


def _has_turned_sums(pair: Pair) -> bool:
    due = np.sum(pair.want, axis=-1)
    columns, rows = np.sum(pair.got, axis=0), np.sum(pair.got, axis=-1)
    return bool(np.allclose(due, due[0]) and np.allclose(columns, due[0]) and not np.allclose(rows, due[0]))


def _rows_by_factors(pairs: Sequence[Pair]) -> Iterator[NamedMistake]:
    """Each row a multiple of the right one, and not all of one."""
    if (
        any(each.want.ndim > 1 for each in pairs)
        and max(map(_share_off, pairs)) > _NEARLY
        and all(each.want.ndim and each.want.shape[-1] > 1 and each.is_close(_scaled_rows(each)) for each in pairs)
    ):
        yield NamedMistake(ROW_FACTORS, "By what is it multiplied or divided, and by what should it be?")


def _scaled_rows(pair: Pair) -> Any:
    """The right rows, each times the factor that its largest entry shows; no numbers where that is none."""
    at = np.argmax(np.abs(pair.want), axis=-1)[..., None]
    factor = np.take_along_axis(pair.got, at, -1) / np.take_along_axis(pair.want, at, -1)
    return pair.want * np.where((factor == 0) | ~np.isfinite(factor), np.nan, factor)


# -- of some numbers -----------------------------------------------------------------------------------------------


def _nearly(pairs: Sequence[Pair]) -> Iterator[NamedMistake]:
    if all(map(_is_nearly, pairs)) and max(map(_share_off, pairs)) > _ROUNDING:
        yield NamedMistake(NEARLY, _ASK_NEARLY)


def _is_nearly(pair: Pair) -> bool:
    return _share_off(pair) <= _NEARLY


def _share_off(pair: Pair) -> float:
    """How far off the worst number is, as a share of the largest."""
    largest = float(np.max(np.abs(pair.want))) or pair.tolerance.scale or 0.0
    off = float(np.max(np.abs(pair.got - pair.want)))
    return off / largest if largest else float(off > 0)


def _right_places(pairs: Sequence[Pair]) -> Iterator[NamedMistake]:
    """Where each wrong answer is right, and where it is wrong; right ones have no other places, or no such axes."""
    found = [(each, right_entries(each)) for each in pairs]
    for said, places in _PLACES.items():
        due = [places(each.want.shape) for each, _ in found]
        agree = [_agrees(each, right, mask) for (each, right), mask in zip(found, due, strict=True)]
        told = [
            mask for each, mask in zip(pairs, due, strict=True) if not each.passed and mask is not None and mask.any()
        ]
        if all(agree) and len(told) >= _ENOUGH_ANSWERS:
            yield NamedMistake(said, _ASK_PLACES)
            return


def _agrees(pair: Pair, right: Any, due: Any) -> bool:
    """Whether all these places are right; of the others a few may be right by chance."""
    if pair.passed:
        return due is None or bool(due.all())
    return due is not None and bool(right[due].all() and not due.all() and np.mean(right[~due]) < 0.5)


def right_entries(pair: Pair) -> Any:
    """Which entries are right, each held against the tolerance that the whole array has."""
    scale = pair.tolerance.scale
    largest = float(np.max(np.abs(pair.want))) if scale is None else scale
    return np.abs(pair.got - pair.want) <= pair.tolerance.relative * (np.abs(pair.want) + largest)


def _by_argument(pairs: Sequence[Pair]) -> Iterator[NamedMistake]:
    """Entry by entry: right where the argument is of one sign, or small, and wrong everywhere else."""
    if not all(each.want.ndim == 0 or _is_shaped_alike(each) for each in pairs):
        return
    pairs = [each for each in pairs if each.want.ndim]
    if not pairs:
        return
    right = np.concatenate([np.ravel(right_entries(each)) for each in pairs])
    x = np.concatenate([np.ravel(each.arguments[0]) for each in pairs])
    usual = (x != 0) & (np.abs(x) < _HUGE)  # at zero and far away many functions agree
    right, x = right[usual], x[usual]
    if min(right.sum(), (~right).sum()) < _ENOUGH_NUMBERS:
        return
    for said, at in ((ABOVE, x), (BELOW, -x)):
        if np.all(at[right] >= 0) and np.all(at[~right] <= 0):
            yield NamedMistake(said, "What does your code do with numbers of that sign: a branch, an abs, a maximum?")
    if _USUAL <= np.max(np.abs(x[right])) < np.min(np.abs(x[~right])):
        yield NamedMistake(SMALL, "What happens to large numbers in your code: a limit, np.clip, exp, a series?")


def _is_shaped_alike(pair: Pair) -> bool:
    argument = pair.arguments[0] if pair.arguments else np.array("")
    return argument.shape == pair.want.shape and argument.dtype.kind in "iuf"


def _right_sums(pairs: Sequence[Pair]) -> Iterator[NamedMistake]:
    wrong = [each for each in pairs if not each.passed and each.want.ndim]
    if any(each.want.ndim > 1 for each in wrong) and all(map(_has_right_sums, wrong)):
        yield NamedMistake(
            SUMS,
            "The sums are right, their shares aren't: which line changes the numbers?",
        )


def _has_right_sums(pair: Pair) -> bool:
    return pair.want.shape[-1] > 1 and bool(
        np.allclose(np.sum(pair.got, axis=-1), np.sum(pair.want, axis=-1), rtol=1e-6, atol=1e-8)
    )


# -- of one answer -------------------------------------------------------------------------------------------------


def describe_difference(pair: Pair) -> str:
    """How one wrong answer differs, in words that don't say the right numbers; empty where there are none."""
    if not _is_comparable(pair) or not np.isfinite(pair.got).all():
        return ""
    right = right_entries(pair)
    if right.all():
        return ""
    how = _say_direction(pair.got[~right], pair.want[~right]) + (_BY_LITTLE if _is_nearly(pair) else "")
    if right.size == 1:
        return f"Your result is {how.removesuffix(' of the largest')}."
    many = f"all are {how}" if "others" not in how else how
    return f"{_say_right_places(right)} Of the others {many}." if right.any() else f"No entry is right: {many}."


_BY_LITTLE = ", by less than 1 % of the largest"


def _say_direction(got: Any, want: Any) -> str:
    if np.allclose(got, -want):
        return "of the wrong sign"
    above = got > want
    if above.any() and not above.all():
        return "some are too large, others too small"
    return "too large" if above.all() else "too small"


def _say_right_places(right: Any) -> str:
    rows = right.all(axis=-1) if right.ndim == 2 and min(right.shape) > 1 else np.array([False])
    if not rows.any() or right[~rows].any():
        verb = "is" if np.count_nonzero(right) == 1 else "are"
        return f"{np.count_nonzero(right)} of {right.size} entries {verb} right."
    numbers = ", ".join(str(number) for number, is_right in enumerate(rows, 1) if is_right)
    return f"Right: row {numbers} of {len(rows)}." if rows.sum() == 1 else f"Right: rows {numbers} of {len(rows)}."


# -- places --------------------------------------------------------------------------------------------------------


def _slice_of(axis: int, part: slice, least: int, shape: tuple[int, ...]) -> Any:
    """The entries of a shape that lie in these rows or columns; None where it has too few to tell."""
    if len(shape) < least:
        return None
    mask = np.zeros(shape, dtype=bool)
    np.moveaxis(mask, axis, 0)[part] = True
    return mask


def _diagonal(is_on: bool, shape: tuple[int, ...]) -> Any:
    if len(shape) != 2:
        return None
    return np.eye(*shape, dtype=bool) if is_on else ~np.eye(*shape, dtype=bool)


SAME = "the same number comes back for all inputs"
OPPOSITE = "every number has the opposite sign"
FACTOR = "every number is the right one times"
OFFSET = "every number is the right one plus"
SIGNS = "the sizes of the numbers are right, their signs are not"
STEP = "one step from the right numbers:"
ROUNDED = "the right numbers, rounded to"
WHOLE = "the right numbers without their decimals"
ORDER = "the right numbers in another order"
AXIS = "the columns have the sum that the rows should have"
ROW_FACTORS = "each row is the right one times a factor of its own"
NEARLY = "nearly right, off by less than 1 % of the largest number"
ABOVE = "right where the argument is positive, wrong where it is negative"
BELOW = "right where the argument is negative, wrong where it is positive"
SMALL = "right where the argument is small, wrong where it is large"
SUMS = "the rows have the right sums, but not the right entries"

#: Factors and constants that are said.
_NUMBERS = {
    **{f"{sign}{number}": factor * number for sign, factor in (("", 1.0), ("-", -1.0)) for number in range(1, 5)},
    **{f"{sign}1/{number}": factor / number for sign, factor in (("", 1.0), ("-", -1.0)) for number in range(2, 5)},
    "ln 2": math.log(2),
    "1/ln 2": 1 / math.log(2),
    "ln 10": math.log(10),
    "1/ln 10": 1 / math.log(10),
}
_ASK_FACTOR = "Which line multiplies or divides by this, or leaves it out?"
_ASK_NEARLY = "Where do digits get lost: a small number that is added, a step that is too large, float32, rounding?"
_ASK_PLACES = (
    "How are these places different from the others: where does a loop or a slice begin, and where does it end?"
)

#: What else was done to the right numbers, or was not undone.
_STEPS: dict[str, Callable[[Any], Any]] = {
    "their squares": np.square,
    "their square roots": np.sqrt,
    "1 divided by them": lambda want: 1 / want,
    "1 minus them": lambda want: 1 - want,
    "their logarithms": np.log,
    "their exponentials": np.exp,
    "a one for the largest of each row, zeros for the others": _one_hot,
}
_FIRST, _LAST = slice(0, 1), slice(-1, None)
_NOT_FIRST, _NOT_LAST = slice(1, None), slice(0, -1)
_PLACES: dict[str, Callable[[tuple[int, ...]], Any]] = {
    "only the first row is right": partial(_slice_of, 0, _FIRST, 2),
    "only the last row is right": partial(_slice_of, 0, _LAST, 2),
    "all rows are right but the first": partial(_slice_of, 0, _NOT_FIRST, 2),
    "all rows are right but the last": partial(_slice_of, 0, _NOT_LAST, 2),
    "of each row only the first entry is right": partial(_slice_of, -1, _FIRST, 1),
    "of each row only the last entry is right": partial(_slice_of, -1, _LAST, 1),
    "of each row all entries are right but the first": partial(_slice_of, -1, _NOT_FIRST, 1),
    "of each row all entries are right but the last": partial(_slice_of, -1, _NOT_LAST, 1),
    "only the diagonal is right": partial(_diagonal, True),
    "all is right but the diagonal": partial(_diagonal, False),
}

_OF_ALL: tuple[Ways, ...] = (
    *(_always_same, _opposite_sign, _one_factor, _size_as_factor, _one_more_number, _wrong_signs, _one_step_more),
    *(_rounded, _other_order, _along_wrong_axis, _rows_by_factors),
)
_OF_SOME: tuple[Ways, ...] = (_right_places, _by_argument, _nearly, _right_sums)
_BEGINNINGS: tuple[str, ...] = (
    *(SAME, OPPOSITE, FACTOR, OFFSET, SIGNS, STEP, ROUNDED, WHOLE, ORDER, AXIS, ROW_FACTORS),
    *(NEARLY, ABOVE, BELOW, SMALL, SUMS, *_PLACES),
)
