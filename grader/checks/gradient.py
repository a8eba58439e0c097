"""gradient: the function's result is the numeric gradient of an expression of the reference's functions.

The truth is Ridders' extrapolation of the reference's own loss, never of the student's: a gradient checked against
the same student's loss catches almost nothing, since all-zero functions agree with each other.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.checks.finding import Finding
from grader.checks.question import Answer, FunctionsByName, Kind, Question, specifics
from grader.checks.value import judge as judge_value
from grader.checks.value import steps as value_steps
from grader.errors import RubricError
from grader.numeric.agreement import Floats, ridders_gradient
from grader.rubric.check_keys import CALLED, DRAWN, JUDGED, Checks, FunctionScope
from grader.rubric.expression import Expression, ExpressionError, evaluate
from grader.rubric.fields import EXPRESSION, TEXTS, Found
from grader.rubric.model import Check, Specifics
from grader.worker.shared.steps import Step

#: Far below any tolerance, and reached with a third of the evaluations that the last digit takes.
ENOUGH = 1e-9


class Slope(Specifics, frozen=True):
    """A gradient: of what, with respect to which argument."""

    of: Expression
    wrt: str


def read(reader: Checks, found: Found, around: FunctionScope) -> Slope:
    """`of: "loss(x, y)", wrt: x`"""
    return Slope(reader.due(found, "of", True), (reader.named(found.get("wrt"), "wrt", around.named) or ("",))[0])


def steps(question: Question) -> tuple[Step, ...]:
    """One call."""
    return value_steps(question)


def truth(question: Question, functions: FunctionsByName) -> Any:
    """The numeric gradient of `of` with respect to the argument `wrt`, in that argument's shape.

    Raises:
        RubricError: the expression fails, or isn't one number.
    """
    slope, names = specifics(question, Slope), {**question.situation.names, **functions}
    tree = slope.of.tree

    def loss(x: Floats) -> float:
        value = np.asarray(evaluate(tree, {**names, slope.wrt: x}))
        if value.size != 1:
            raise ExpressionError(f"{slope.of.text!r} should be one number, has the shape {value.shape}")
        return float(value.reshape(())[()])

    try:
        return ridders_gradient(loss, np.asarray(names[slope.wrt], dtype=np.float64), enough=ENOUGH)
    except ExpressionError as error:
        raise RubricError([slope.of.place.flaw(str(error))]) from None


def judge(question: Question, truth: Any, answer: Answer) -> Finding:
    """Compare the result with the numeric gradient."""
    return judge_value(question, truth, answer)


def describe(check: Check) -> str:
    """Of what it is the gradient."""
    assert isinstance(check.specifics, Slope)
    what = "The result" if check.measure.part is None else f"Of the result, {check.measure.part}"
    return f"{what} is the numeric gradient of {check.specifics.of.text} with respect to {check.specifics.wrt}."


KIND = Kind(
    describe=describe,
    keys={**DRAWN, **CALLED, **JUDGED, "of": EXPRESSION, "wrt": TEXTS},
    needed=("of", "wrt"),
    read=read,
    waits=False,
    steps=steps,
    truth=truth,
    judge=judge,
    compares_result=True,
)
