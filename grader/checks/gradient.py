"""gradient: the function's result is the numeric gradient of an expression of the reference's functions.

The truth is Ridders' extrapolation of the reference's own loss, never of the student's: a gradient checked against
the same student's loss catches almost nothing, since all-zero functions agree with each other.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.checks.finding import Finding
from grader.checks.question import Answer, Functions, Question
from grader.checks.value import judge as judge_value
from grader.checks.value import steps as value_steps
from grader.errors import RubricError
from grader.numeric.agreement import Floats, ridders_gradient
from grader.rubric.expression import ExpressionError, evaluate
from grader.worker.shared.steps import Step

#: Far below any tolerance, and reached with a third of the evaluations that the last digit takes.
ENOUGH = 1e-9


def steps(question: Question) -> tuple[Step, ...]:
    """One call."""
    return value_steps(question)


def truth(question: Question, functions: Functions) -> Any:
    """The numeric gradient of `of` with respect to the argument `wrt`, in that argument's shape.

    Raises:
        RubricError: the expression fails, or isn't one number.
    """
    check, names = question.check, {**question.situation.names, **functions}
    assert check.of is not None
    tree, place = check.of.tree, check.of.place

    def loss(x: Floats) -> float:
        value = np.asarray(evaluate(tree, {**names, check.wrt: x}))
        if value.size != 1:
            raise ExpressionError(f"{check.of.text!r} should be one number, has the shape {value.shape}")  # type: ignore[union-attr]
        return float(value.reshape(())[()])

    try:
        return ridders_gradient(loss, np.asarray(names[check.wrt], dtype=np.float64), enough=ENOUGH)
    except ExpressionError as error:
        raise RubricError([place.flaw(str(error))]) from None


def judge(question: Question, truth: Any, answer: Answer) -> Finding:
    """Compare the result with the numeric gradient."""
    return judge_value(question, truth, answer)
