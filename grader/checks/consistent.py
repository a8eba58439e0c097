"""consistent: the student's gradient is the slope of the student's own loss.

It explains, and by default has no points: functions that are wrong together can agree.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.checks.calls import roots
from grader.checks.finding import PASSED, Finding, fail, show_later
from grader.checks.gradient import Slope
from grader.checks.gradient import read as read_slope
from grader.checks.leaves import select_part
from grader.checks.property import PropertyExpression
from grader.checks.question import Answer, Kind, Question, calling, no_value, specifics
from grader.checks.results import as_number
from grader.numeric.agreement import STENCIL, Floats, stencil, stencil_slope
from grader.rubric.check_keys import CALLED, DRAWN, JUDGED
from grader.rubric.expression import ExpressionError
from grader.rubric.fields import EXPRESSION, TEXTS
from grader.rubric.model import Check
from grader.worker.shared.steps import Outcome, Returned, Step

DIRECTIONS = 3
#: It explains, so it must never be wrong: rounding in a student's loss may show in the slopes.
LOOSE = 1e-3


def _loss_at(question: Question, x: Floats, first: int = 0) -> PropertyExpression:
    """The student's own loss where the argument is `x`."""
    slope, function = specifics(question, Slope), question.function
    names = {**question.situation.names, slope.wrt: x}
    return PropertyExpression(question, slope.of, names, roots([function.name, *function.needs]), first)


def _directions(question: Question) -> tuple[Floats, list[Floats]]:
    """The argument, and a few directions in its space, the same in every run."""
    x = np.asarray(question.situation.names[specifics(question, Slope).wrt], dtype=np.float64)
    return x, list(np.random.default_rng(0).standard_normal((DIRECTIONS, *x.shape)))


def _shifts(question: Question) -> list[Floats]:
    """The argument moved a little along each direction."""
    x, directions = _directions(question)
    return [moved for direction in directions for moved in stencil(x, direction)]


def steps(question: Question) -> tuple[Step, ...]:
    """The gradient, then the loss at each shifted argument."""
    asked: list[Step] = [*calling(question)]
    for shifted in _shifts(question):
        asked += _loss_at(question, shifted, len(asked)).steps
    return tuple(asked)


def judge(question: Question, truth: Any, answer: Answer) -> Finding:
    """Compare the gradient's slopes along the directions with those of the loss."""
    if (finding := no_value(question, answer.outcomes)) is not None:
        return finding
    shown = {"situation": question.situation.label, "inputs": question.show_inputs}
    first = len(calling(question))
    gradient = answer.outcomes[first - 1]
    assert isinstance(gradient, Returned)
    try:
        slopes, measured = _slopes(question, gradient.value), _measure_slopes(question, answer.outcomes[first:])
    except (ExpressionError, TypeError, ValueError, LookupError) as error:
        return fail("inconsistent", note=str(error), **shown)
    if np.all(np.abs(slopes - measured) <= LOOSE * (np.abs(measured) + np.max(np.abs(measured)) + 1e-6)):
        return PASSED
    note = "Slopes along three directions: those of your own loss, and those that your gradient says."
    return fail("inconsistent", expected=show_later(measured), actual=show_later(slopes), note=note, **shown)


def _slopes(question: Question, result: Any) -> Floats:
    x, directions = _directions(question)
    gradient = np.asarray(select_part(question, result))
    if gradient.dtype.kind not in "biuf":
        raise ExpressionError("the gradient holds other things than real numbers")
    gradient = gradient.astype(np.float64).reshape(x.shape)
    return np.array([np.sum(gradient * direction) for direction in directions])


def _measure_slopes(question: Question, outcomes: tuple[Outcome, ...]) -> Floats:
    """The slopes of the student's loss, from the answers at the shifted arguments."""
    shifts = _shifts(question)
    each = len(outcomes) // len(shifts)
    losses = [_loss(question, x, outcomes[i * each : (i + 1) * each]) for i, x in enumerate(shifts)]
    points = len(STENCIL)
    return np.array([stencil_slope(losses[i * points : (i + 1) * points]) for i in range(DIRECTIONS)])


def _loss(question: Question, x: Floats, outcomes: tuple[Outcome, ...]) -> float:
    law = _loss_at(question, x)
    number = as_number(law.value(specifics(question, Slope).of.tree, outcomes))
    if number is None:
        raise ExpressionError("the loss is no number")
    return float(number.reshape(())[()])


def describe(check: Check) -> str:
    """Of what it is the slope."""
    assert isinstance(check.specifics, Slope)
    return (
        f"The result is the slope of {check.specifics.of.text} with respect to {check.specifics.wrt}, "
        "by the student's own functions: it only explains."
    )


KIND = Kind(
    describe=describe,
    keys={
        **DRAWN,
        **CALLED,
        "part": JUDGED["part"],
        "of": EXPRESSION,
        "wrt": TEXTS,
        "tolerance": JUDGED["tolerance"],
    },
    needed=("of", "wrt"),
    read=read_slope,
    steps=steps,
    judge=judge,
    reasons={"inconsistent": "The gradient is not the slope of your own loss."},
    told_without_points=True,
)
