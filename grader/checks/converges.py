"""converges: the error falls with the promised power of the step, as an argument is refined."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from msgspec.structs import replace

from grader.checks.finding import PASSED, Finding, fail
from grader.checks.leaves import select_part
from grader.checks.property import PropertyExpression
from grader.checks.question import (
    Answer,
    FunctionsByName,
    Kind,
    Question,
    calling,
    last_outcome,
    no_value,
    specifics,
    student_names,
)
from grader.checks.results import as_number
from grader.errors import RubricError
from grader.inputs.draws import DRAWS, evaluate_argument
from grader.numeric.agreement import Floats
from grader.rubric.check_keys import CALLED, DRAWN, JUDGED, Checks, FunctionScope
from grader.rubric.expression import Expression, ExpressionError, evaluate
from grader.rubric.fields import ARGUMENT, EXPRESSION, NUMBER, Found, list_of
from grader.rubric.model import Argument, Check, Specifics
from grader.rubric.nodes import Node
from grader.worker.shared.steps import Outcome, Returned, Step

#: An error of fewer roundings of the result's own precision says nothing about an order any more.
LEAST_ROUNDINGS = 4
#: How far an observed order may be off where a check doesn't say.
WITHIN = 0.2
_LEAST_VALUES = 3


class Convergence(Specifics, frozen=True):
    """What should fall, how fast, and where to."""

    of: Expression | None  #: what stands for the result; None: the result itself
    order: float
    within: float  #: how far the observed order may be off
    argument: str  #: the one that is refined
    values: tuple[Argument, ...]  #: of it, coarse to fine
    to: Expression  #: the value that results converge to


def read(reader: Checks, found: Found, around: FunctionScope) -> Convergence:
    """`order: 4, over: {n: [10, 20, 40]}, to: "exact(t)"`"""
    within = reader.number(found.get("within"), "within")
    argument, values = _over(reader, found.get("over"), around)
    return Convergence(
        of=reader.expression(found.get("of"), "of", objects=True),
        order=reader.number(found.get("order"), "order") or 0.0,
        within=WITHIN if within is None else within,
        argument=argument,
        values=values,
        to=reader.due(found, "to"),
    )


def _over(reader: Checks, node: Node | None, around: FunctionScope) -> tuple[str, tuple[Argument, ...]]:
    """The argument that is refined, and its values."""
    if node is None:
        return "", ()
    found = reader.mapping(node, "over", around.named)
    values = {name: tuple(map(reader.given, reader.items(value))) for name, value in found.items()}
    if len(values) == 1 and all(len(each) >= _LEAST_VALUES for each in values.values()):
        return next(iter(values.items()))
    reader.wrong(node.place, "over should name one argument with three values or more, such as {n: [10, 20, 40]}")
    return "", ()


class MeasuredError(NamedTuple):
    """An error, and about how much of it rounding alone may make."""

    error: float
    rounding: float


def _refinements(question: Question) -> list[tuple[float, Question]]:
    """The values of the refined argument, coarse to fine, each with the question of its call."""
    asked, names = specifics(question, Convergence), question.situation.names
    numbers = [evaluate_argument(value, names) for value in asked.values]
    situations = [replace(question.situation, names={**names, asked.argument: number}) for number in numbers]
    return [(float(n), replace(question, situation=s)) for n, s in zip(numbers, situations, strict=True)]


def steps(question: Question) -> tuple[Step, ...]:
    """A call for each value of the refined argument."""
    asked: list[Step] = []
    for _, refined in _refinements(question):
        asked += _one(refined, len(asked))
    return tuple(asked)


def _law(question: Question, of: Expression, first: int) -> PropertyExpression:
    return PropertyExpression(question, of, question.situation.names, student_names(question.function), first)


def _one(refined: Question, first: int) -> tuple[Step, ...]:
    of = specifics(refined, Convergence).of
    return calling(refined, first) if of is None else _law(refined, of, first).steps


def _result(refined: Question, outcomes: Sequence[Outcome]) -> Any:
    """What stands for the result: the expression `of`, else the part that is asked for.

    Raises:
        ExpressionError: the answers don't fit the expression.
    """
    of = specifics(refined, Convergence).of
    if of is not None:
        return _law(refined, of, 0).value(of.tree, outcomes)
    last = last_outcome(outcomes)
    return select_part(refined, last.value) if isinstance(last, Returned) else None


def truth(question: Question, functions: FunctionsByName) -> Any:
    """What the results converge to.

    Raises:
        RubricError: the expression `to` fails.
    """
    to = specifics(question, Convergence).to
    try:
        return np.asarray(evaluate(to.tree, {**question.situation.names, **functions}), dtype=np.float64)
    except (ExpressionError, TypeError, ValueError) as error:
        drawn = any(f"name {draw!r}" in str(error) for draw in DRAWS)
        advice = (
            "; to: is a number, or an expression of the arguments and of the reference's functions" if drawn else ""
        )
        raise RubricError([to.place.flaw(f"{error}{advice}")]) from None


def judge(question: Question, truth: Any, answer: Answer) -> Finding:
    """Measure the order as the slope of the errors' logarithms, and hold it against the promised one."""
    if (finding := no_value(question, answer.outcomes)) is not None:
        return finding
    asked, refined = specifics(question, Convergence), _refinements(question)
    each = len(answer.outcomes) // len(refined)
    parts = [answer.outcomes[i * each : (i + 1) * each] for i in range(len(refined))]
    shown = {"situation": question.situation.label, "inputs": question.show_inputs}
    try:
        errors = [_error(_result(q, part), truth) for (_, q), part in zip(refined, parts, strict=True)]
    except (ExpressionError, TypeError, ValueError, LookupError) as error:
        return fail("shape", note=str(error), **shown)
    if any(error is None for error in errors):
        return fail("shape", note=f"Expected: an array of the shape {truth.shape}.", **shown)
    sizes, found = [size for size, _ in refined], [error for error in errors if error is not None]
    observed = measure_order(sizes, found)
    if observed is not None and abs(observed[0] - asked.order) <= asked.within + observed[1]:
        return PASSED
    said = ", ".join(f"{size:g}: {each.error:.3g}" for size, each in zip(sizes, found, strict=True))
    note = f"The errors, with {asked.argument} refined: {said}."
    actual = "no falling error" if observed is None else f"order {observed[0]:.2f}"
    expected = f"order {asked.order:g}, give or take {asked.within:g}"
    return fail("order", expected=expected, actual=actual, note=note, **shown)


def _error(result: Any, truth: Floats) -> MeasuredError | None:
    """The largest error, or None for a result of another shape."""
    number = as_number(result) if truth.ndim == 0 else None
    array = np.asarray(result if number is None else number.reshape(()))
    if array.shape != truth.shape or array.dtype.kind not in "iuf":
        return None
    digits = array.dtype if array.dtype.kind == "f" else np.float64
    rounding = float(np.finfo(digits).eps) * float(np.max(np.abs(truth), initial=0.0))
    return MeasuredError(float(np.max(np.abs(array - truth), initial=0.0)), rounding)


def measure_order(sizes: Sequence[float], errors: Sequence[MeasuredError]) -> tuple[float, float] | None:
    """The power of the step with which errors fall, and by how much rounding may have changed it.

    The power is fitted over all errors that are more than rounding; None where these don't fall, or are fewer than two.

    Args:
        sizes: steps that shrink or counts that grow; the errors belong to them, coarse to fine.
    """
    if not all(np.isfinite(each.error) for each in errors):
        return None
    telling = [pair for pair in zip(sizes, errors, strict=True) if pair[1].error > LEAST_ROUNDINGS * pair[1].rounding]
    if len(telling) < 2 or telling[-1][1].error >= telling[0][1].error:
        return None
    found, rounding = np.array([error for _, error in telling]).T
    steps = np.log([size for size, _ in telling])
    off = steps - steps.mean()
    weights = off / np.sum(off**2)  # of the least-squares line: its slope is their sum with the logarithms
    return float(abs(weights @ np.log(found))), float(np.abs(weights) @ (rounding / found))


def describe(check: Check) -> str:
    """What falls, and how fast."""
    told = check.specifics
    assert isinstance(told, Convergence)
    return (
        f"The distance to {told.to.text} falls with the power {told.order:g} of the step, "
        f"give or take {told.within:g}, where {told.argument} takes {len(told.values)} values."
    )


KIND = Kind(
    describe=describe,
    keys={
        **DRAWN,
        **CALLED,
        "part": JUDGED["part"],
        "of": EXPRESSION,
        "order": NUMBER,
        "within": NUMBER,
        "over": {
            "type": "object",
            "minProperties": 1,
            "maxProperties": 1,
            "additionalProperties": list_of(ARGUMENT, _LEAST_VALUES),
        },
        "to": EXPRESSION,
    },
    needed=("order", "over", "to"),
    read=read,
    steps=steps,
    truth=truth,
    judge=judge,
    reasons={"order": "The error does not get small fast enough when the steps get smaller."},
)
