"""Right answers in other clothes, made of the reference's own: they must not lose a point either.

Single precision inside, columns first in memory, a list for a pair, an array of one entry for a number, and each other
shape that the contract allows. Shapes hang on a question's sizes, so they are changed in the answers; all else is a
wrapper around the reference's function.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from grader.authoring.in_process import AnswersByIdentity, grade_given, run_all
from grader.checks.question import Answer, Question
from grader.checks.results import Shape, right_shapes
from grader.grading.grades import FunctionGrade
from grader.plan.plan import Plan, PlannedFunction
from grader.rubric.model import RequiredFunction, Result
from grader.worker.shared.steps import Call, Outcome, Returned, Step

Rewrite = Callable[[Any], Any]


def rewrites(planned: PlannedFunction, plan: Plan) -> Iterator[tuple[str, FunctionGrade]]:
    """The name and the grade of each rewrite that fits a function."""
    function, functions = planned.function, plan.assignment.reference.functions
    if "." not in function.name:
        for name, before, after in _wrappers(function):
            wrapped = _wrap(functions[function.name], before, after)
            yield name, grade_given(planned, plan, run_all(planned, {**functions, function.name: wrapped}))
    own = run_all(planned, functions)
    for place in range(1, _most_shapes(planned, own)):
        yield f"allowed shape {place + 1}", grade_given(planned, plan, _reshape(planned, own, place))


def _wrap(call: Callable[..., Any], before: Rewrite, after: Rewrite) -> Callable[..., Any]:
    def rewritten(*args: Any, **kwargs: Any) -> Any:
        return after(call(*map(before, args), **{name: before(value) for name, value in kwargs.items()}))

    return rewritten


def _wrappers(function: RequiredFunction) -> Iterator[tuple[str, Rewrite, Rewrite]]:
    """(name, what is done to each argument, what is done to the result)."""
    kinds = [part.kind for part in function.parts]
    if "truth" not in kinds:  # a question of thresholds isn't one of precision
        yield "single precision inside and out", _single, _each(_single)
    if "array" in kinds:
        yield "columns first in memory", _columns_first, _each(_columns_first)
    if len(kinds) > 1:
        yield "a list for a pair", _same, _as_list
    if "number" in kinds and not any(len(part.path) > 1 for part in function.parts):
        yield "a number as an array without axes", _same, _numbers(function, ())
        yield "a number as an array of one entry", _same, _numbers(function, (1, 1))


def _same(value: Any) -> Any:
    return value


def _as_list(result: Any) -> Any:
    return list(result) if isinstance(result, tuple) else result


def _single(value: Any) -> Any:
    if isinstance(value, (np.ndarray, np.floating)) and value.dtype == np.float64:
        return value.astype(np.float32)
    return value


def _columns_first(value: Any) -> Any:
    return np.asfortranarray(value) if isinstance(value, np.ndarray) and value.ndim > 1 else value


def _each(change: Rewrite) -> Rewrite:
    """The change for a result, or for each part of one."""
    return lambda result: tuple(map(change, result)) if isinstance(result, tuple) else change(result)


def _numbers(function: RequiredFunction, shape: Shape) -> Rewrite:
    def change(result: Any) -> Any:
        if len(function.parts) == 1:
            return np.full(shape, result)
        if not isinstance(result, tuple):
            return result
        pairs = zip(function.parts, result, strict=True)
        return tuple(np.full(shape, value) if part.kind == "number" else value for part, value in pairs)

    return change


# -- shapes --------------------------------------------------------------------------------------------------------


def _most_shapes(planned: PlannedFunction, given: AnswersByIdentity) -> int:
    """The largest number of shapes that the contract allows for one result."""
    return max((len(each) for q in _single_calls(planned) for each in _allowed_rewrites(q, given)), default=1)


def _single_calls(planned: PlannedFunction) -> Iterator[Question]:
    for item in planned.checks:
        if item.kind.compares_result:
            yield from (question for question in item.questions if _is_plain_call(question))


def _is_plain_call(question: Question) -> bool:
    """Whether a question is one call whose result is the function's array, or a tuple of its results."""
    flat = not question.dicts and all(len(part.path) < 2 for part in question.function.parts)
    return len(question.steps) == 1 and flat


def _allowed_rewrites(question: Question, given: AnswersByIdentity) -> list[tuple[Shape, ...]]:
    outcome = given[id(question)].outcomes[-1]
    if not isinstance(outcome, Returned):
        return []
    parts = question.function.parts
    values = [outcome.value] if len(parts) == 1 else outcome.value
    pairs = zip(parts, values, strict=True)
    return [_shapes(part, question, value) for part, value in pairs if part.kind == "array"]


def _shapes(part: Result, question: Question, value: Any) -> tuple[Shape, ...]:
    return right_shapes(part, question.situation, np.asarray(value))


def _reshape(planned: PlannedFunction, given: AnswersByIdentity, place: int) -> AnswersByIdentity:
    """The answers, with every array in another of its shapes where it has so many."""
    changed = {
        id(q): Answer(tuple(_other(o, s, q, place) for o, s in zip(given[id(q)].outcomes, q.steps, strict=True)))
        for q in _single_calls(planned)
    }
    return {**given, **changed}


def _other(outcome: Outcome, step: Step, question: Question, place: int) -> Outcome:
    if not isinstance(outcome, Returned) or not isinstance(step, Call):
        return outcome
    parts = question.function.parts
    values = [outcome.value] if len(parts) == 1 else outcome.value
    pairs = zip(parts, values, strict=True)
    others = [_in_shape(part, question, value, place) if part.kind == "array" else value for part, value in pairs]
    return outcome._replace(value=others[0] if len(parts) == 1 else tuple(others))


def _in_shape(part: Result, question: Question, value: Any, place: int) -> Any:
    shapes = _shapes(part, question, value)
    return np.reshape(value, shapes[min(place, len(shapes) - 1)])
