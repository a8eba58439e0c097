"""consistent: the student's gradient is the slope of the student's own loss.

It explains, and by default has no points: functions that are wrong together can agree.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.checks.finding import PASSED, Finding, failed, show
from grader.checks.laws import law_steps, law_value
from grader.checks.question import Answer, Functions, Question, inputs_shown, no_value, plain_call
from grader.checks.results import as_number, part_of
from grader.expression import ExpressionError
from grader.numeric import Array
from grader.worker.steps import Outcome, Returned, Step

DIRECTIONS = 3
STEP = 1e-5
#: Central differences at STEP are right to about 1e-9 of the loss; a student's float32 to 1e-2 of the slope.
LOOSE = 1e-3


def _theirs(question: Question) -> frozenset[str]:
    return frozenset({question.function.name, *question.function.needs})


def _shifts(question: Question) -> list[Array]:
    """The argument moved a little forwards and backwards along a few directions, the same in every run."""
    x = np.asarray(question.situation.names[question.check.wrt], dtype=np.float64)
    directions = np.random.default_rng(0).standard_normal((DIRECTIONS, *x.shape))
    return [x + sign * STEP * direction for direction in directions for sign in (1.0, -1.0)]


def steps(question: Question) -> tuple[Step, ...]:
    """The gradient, then the loss at each shifted argument."""
    check, names = question.check, question.situation.names
    assert check.of is not None
    asked: list[Step] = [plain_call(question)]
    for shifted in _shifts(question):
        asked += law_steps(check.of, {**names, check.wrt: shifted}, _theirs(question), len(asked))
    return tuple(asked)


def truth(question: Question, functions: Functions) -> Any:
    """The student's own loss is the measure."""
    return None


def judge(question: Question, truth: Any, answer: Answer) -> Finding:
    """Compare the gradient's slopes along the directions with those of the loss."""
    if (finding := no_value(question, answer.outcomes)) is not None:
        return finding
    shown = {"situation": question.situation.label, "inputs": inputs_shown(question)}
    first = answer.outcomes[0]
    assert isinstance(first, Returned)
    try:
        slopes, measured = _slopes(question, first.value), _measured(question, answer.outcomes[1:])
    except (ExpressionError, TypeError, ValueError, IndexError) as error:
        return failed("inconsistent", note=str(error), **shown)
    if np.all(np.abs(slopes - measured) <= LOOSE * (np.abs(measured) + np.max(np.abs(measured)) + 1e-6)):
        return PASSED
    note = "Slopes along three directions: those of your own loss, and those that your gradient says."
    return failed("inconsistent", expected=show(measured), actual=show(slopes), note=note, **shown)


def _slopes(question: Question, result: Any) -> Array:
    x = np.asarray(question.situation.names[question.check.wrt], dtype=np.float64)
    gradient = np.asarray(part_of(question, result), dtype=np.float64).reshape(x.shape)
    directions = np.random.default_rng(0).standard_normal((DIRECTIONS, *x.shape))
    return np.array([np.sum(gradient * direction) for direction in directions])


def _measured(question: Question, outcomes: tuple[Outcome, ...]) -> Array:
    check, names = question.check, question.situation.names
    assert check.of is not None
    shifts = _shifts(question)
    each = len(outcomes) // len(shifts)
    losses = []
    for i, shifted in enumerate(shifts):
        part = outcomes[i * each : (i + 1) * each]
        value = law_value(check.of.tree, check.of, {**names, check.wrt: shifted}, _theirs(question), part)
        number = as_number(value)
        if number is None:
            raise ExpressionError("the loss is no number")
        losses.append(float(number.reshape(())[()]))
    forward, backward = np.array(losses[0::2]), np.array(losses[1::2])
    return np.asarray((forward - backward) / (2 * STEP))
