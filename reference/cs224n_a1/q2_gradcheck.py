"""The gradient check of CS224n: f may draw random numbers, so the random state is put back before each of its calls."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from grader.reference import mistake, right

Array = npt.NDArray[np.float64]
Function = Callable[[Array], tuple[float, Array]]

STEP = 1e-4
#: A right gradient is off by less, a wrong one by far more: absolute, and as a share of the slope.
CLOSE = 1e-3


def gradcheck_naive(f: Function, x: Array) -> bool:
    """Whether the gradient that `f(x) -> (cost, gradient)` gives is the slope of its cost, at every entry of `x`."""
    return all(_agreeing(f, x, random.getstate()))


def _agreeing(f: Function, x: Array, state: Any) -> list[bool]:
    """For each entry of `x`, whether gradient and slope agree."""
    gradient = f(np.array(x))[1]
    slopes = {index: _slope(f, x, index, state) for index in np.ndindex(np.shape(x))}
    return [bool(np.isclose(gradient[index], slope, rtol=CLOSE, atol=CLOSE)) for index, slope in slopes.items()]


def _slope(f: Function, x: Array, index: tuple[int, ...], state: Any) -> float:
    """The slope of f's cost along one entry of `x`: central differences, from one random state for both calls."""
    costs = []
    for step in (STEP, -STEP):
        moved = np.array(x)
        moved[index] += step
        if state is not None:
            random.setstate(state)
        costs.append(f(moved)[0])
    ahead, behind = costs
    return float(ahead - behind) / (2 * STEP)


@right("gradcheck_naive", name="one-sided differences")
def gradcheck_one_sided(f: Function, x: Array) -> bool:
    state = random.getstate()
    cost, gradient = f(np.array(x))
    for index in np.ndindex(np.shape(x)):
        moved = np.array(x)
        moved[index] += STEP
        random.setstate(state)
        slope = (f(moved)[0] - cost) / STEP
        if abs(slope - gradient[index]) / max(1, abs(slope), abs(gradient[index])) > 1e-5:
            return False
    return True


@mistake(
    "gradcheck_naive",
    name="random numbers that differ from call to call",
    hint="f may draw random numbers: put the random state back before each call of f.",
    credit="7/8",
)
def gradcheck_without_state(f: Function, x: Array) -> bool:
    return all(_agreeing(f, x, None))


@mistake("gradcheck_naive", name="only the first entry is checked", hint="Does your loop reach the end?", credit="1/4")
def gradcheck_of_first(f: Function, x: Array) -> bool:
    return _agreeing(f, x, random.getstate())[0]


@mistake(
    "gradcheck_naive",
    name="every second entry only",
    hint="How many times does your loop step on for each entry?",
    credit="1/4",
)
def gradcheck_of_every_second(f: Function, x: Array) -> bool:
    return all(_agreeing(f, x, random.getstate())[::2])


@mistake(
    "gradcheck_naive",
    name="passed if any entry agrees",
    hint="A single wrong entry makes the gradient wrong: what does your code say at the end, after it met one?",
    credit="1/4",
)
def gradcheck_of_any(f: Function, x: Array) -> bool:
    return any(_agreeing(f, x, random.getstate()))


@mistake(
    "gradcheck_naive", name="the verdict of the last entry", hint="An early error must not be forgotten.", credit="1/4"
)
def gradcheck_of_last(f: Function, x: Array) -> bool:
    return _agreeing(f, x, random.getstate())[-1]


@mistake("gradcheck_naive", name="passed, whatever the gradient", hint="Try it on a gradient that you spoil by hand.")
def gradcheck_always(f: Function, x: Array) -> bool:
    return True


@mistake(
    "gradcheck_naive", name="the opposite answer", hint="Which of your two branches is the good one?", credit="1/2"
)
def gradcheck_opposite(f: Function, x: Array) -> bool:
    return not gradcheck_naive(f, x)
