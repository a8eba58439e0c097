"""Rows for vectors: who wrote a function for arrays of the shape (1, n), or (n, 1), is asked so before points are lost.

Many handouts leave it open whether a vector is an array of one axis or a matrix of one row, and a student's own
functions agree with each other. Where the rubric says nothing of `forms`, a function that stops at the vectors it is
given, or that gives a row for a vector, is asked once more: its vectors are rows, and callbacks give rows. What it
answers is held against the same truth, entry by entry.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import msgspec
import numpy as np

from grader.checks.kinds import kind_of
from grader.checks.leaves import asked_leaves
from grader.checks.question import Answer, Question
from grader.extraction.model import Extraction
from grader.grading.allowance import Allowance
from grader.grading.answers import Answers, has_points
from grader.grading.execution import run_questions
from grader.grading.grades import FunctionGrade
from grader.grading.judging import judge
from grader.plan.plan import OWN_CONVENTION, Plan, PlannedCheck, PlannedFunction
from grader.rubric.model import Entry
from grader.sandbox.sandbox import Sandbox
from grader.verdict import OPEN, Verdict
from grader.worker.shared.steps import Call, Outcome, Returned, Step, StoreValue, Stub

Shape = tuple[int, ...]


class Form(msgspec.Struct, frozen=True):
    """Another form of a vector."""

    shape: Shape  #: of a vector, with -1 for its length
    words: str


FORMS = (Form((1, -1), "rows of the shape (1, n)"), Form((-1, 1), "columns of the shape (n, 1)"))

_SETTLED = (Verdict.PASSED, Verdict.CARRIED, Verdict.MISSING, *OPEN)
#: What code for matrices stops with where it is given a vector.
_EXCEPTIONS = frozenset({"ValueError", "IndexError", "AxisError", "TypeError", "LinAlgError"})

#: Calls a callback with vectors, and turns the vectors that it gives.
_CALLBACK = """

def in_{kind}(*args, **kwargs):
    def straight(item):
        return item.ravel() if isinstance(item, np.ndarray) and item.ndim == 2 and 1 in item.shape else item

    def turned(item):
        return item.reshape({shape}) if isinstance(item, np.ndarray) and item.ndim == 1 else item

    result = {name}(*map(straight, args), **kwargs)
    return tuple(map(turned, result)) if isinstance(result, tuple) else turned(result)
"""


class FormRun(msgspec.Struct, frozen=True):
    """A second run of functions, with their vectors in another form."""

    form: Form
    functions: frozenset[str]  #: those that were asked
    answers: Answers  #: to the plan's own questions, in the forms that these promise


def rerun_in_other_forms(
    plan: Plan,
    extraction: Extraction,
    functions: Sequence[FunctionGrade],
    answers: Answers,
    sandbox: Sandbox,
    allowance: Allowance,
) -> tuple[FormRun, ...]:
    """A run for each form, of the functions that may have lost points for nothing else; none where there are none."""
    lost = {grade.name for grade in functions if grade.verdict not in _SETTLED}
    planned = [each for each in plan.functions if each.function.name in lost]
    asked = [each for each in planned if _takes_vectors(each) and _stops_at_form(each, plan, extraction, answers)]
    return tuple(_run(form, asked, plan, extraction, sandbox, allowance) for form in FORMS) if asked else ()


def _takes_vectors(planned: PlannedFunction) -> bool:
    """Whether the rubric leaves the form of vectors open: those that it gives always, not in a check of their own."""
    function = planned.function
    if function.forms or function.call:
        return False
    plain = [check for check in planned.checks if not check.check.given and not check.check.cases]
    return any(_is_turned(step) for check in plain[:1] for question in check.questions for step in question.steps)


def _is_turned(step: Step) -> bool:
    values = [step.value] if isinstance(step, StoreValue) else _arguments(step)
    return any(map(_holds_vectors, values))


def _holds_vectors(value: Any) -> bool:
    if type(value) is dict:
        return any(map(_holds_vectors, value.values()))
    if type(value) in (tuple, list):
        return any(map(_holds_vectors, value))
    return _is_vector(value) or isinstance(value, Stub)


def _arguments(step: Step) -> list[Any]:
    return [*step.args, *step.kwargs.values()] if isinstance(step, Call) else []


def _is_vector(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.ndim == 1 and value.dtype.kind in "fc"


def _stops_at_form(planned: PlannedFunction, plan: Plan, extraction: Extraction, answers: Answers) -> bool:
    judged = judge(planned, plan, extraction, answers, OWN_CONVENTION)
    findings = [finding for item in judged if item.is_drawn_value for finding in item.findings if not finding.passed]
    return any(finding.reason == "shape" or finding.exception in _EXCEPTIONS for finding in findings)


def _run(
    form: Form,
    asked: Sequence[PlannedFunction],
    plan: Plan,
    extraction: Extraction,
    sandbox: Sandbox,
    allowance: Allowance,
) -> FormRun:
    pairs: dict[int, Question] = {}  # id of a turned question -> the plan's own
    functions = tuple(_turn_function(planned, form, pairs) for planned in asked)
    turned = msgspec.structs.replace(plan, functions=functions)
    answered = run_questions(turned, extraction, sandbox, has_points, allowance=allowance)
    given = {
        id(question): _straighten(question, answer, plan)
        for key, question in pairs.items()
        if (answer := answered.given.get(key)) is not None
    }
    names = frozenset(planned.function.name for planned in asked)
    return FormRun(form, names, msgspec.structs.replace(answered, given=given))


def _turn_function(planned: PlannedFunction, form: Form, pairs: dict[int, Question]) -> PlannedFunction:
    checks = []
    for item in planned.checks:
        questions = tuple(_turn_question(question, form) for question in item.questions) if item.check.points else ()
        pairs.update({id(turned): own for turned, own in zip(questions, item.questions, strict=False)})
        checks.append(PlannedCheck(item.check, partial(tuple, questions)))
    return PlannedFunction(planned.function, tuple(checks))


def _turn_question(question: Question, form: Form) -> Question:
    return msgspec.structs.replace(
        question,
        steps=tuple(_turn_step(step, form) for step in question.steps),
        others=tuple(tuple(_turn_step(step, form) for step in steps) for steps in question.others),
    )


def _turn_step(step: Step, form: Form) -> Step:
    if isinstance(step, StoreValue):
        return StoreValue(_turn(step.value, form))
    if isinstance(step, Call):
        kwargs = {name: _turn(value, form) for name, value in step.kwargs.items()}
        return step._replace(args=tuple(_turn(value, form) for value in step.args), kwargs=kwargs)
    return step


def _turn(value: Any, form: Form) -> Any:
    if isinstance(value, Stub) and f"def {value.name}(" in value.source:
        kind = "rows" if form.shape[0] == 1 else "columns"
        source = value.source + _CALLBACK.format(kind=kind, name=value.name, shape=form.shape)
        return value._replace(source=source, name=f"in_{kind}")
    if type(value) is dict:
        return {key: _turn(item, form) for key, item in value.items()}
    if type(value) in (tuple, list):
        return type(value)(_turn(item, form) for item in value)
    return value.reshape(form.shape) if _is_vector(value) else value


def _straighten(question: Question, answer: Answer, plan: Plan) -> Answer:
    """The answer with rows as vectors again, where vectors are due."""
    due = plan.truths.of(question) if kind_of(question.check).compares_result else None
    return msgspec.structs.replace(
        answer, outcomes=tuple(_straighten_outcome(each, question, due) for each in answer.outcomes)
    )


def _straighten_outcome(outcome: Outcome, question: Question, due: Any) -> Outcome:
    """The outcome with each leaf that is asked for straightened by the one that is due."""
    if not isinstance(outcome, Returned):
        return outcome
    leaves, value = asked_leaves(question), outcome.value
    dues = due if len(leaves) > 1 and isinstance(due, tuple) and len(due) == len(leaves) else (due,) * len(leaves)
    for leaf, want in zip(leaves, dues, strict=True):
        path = leaf.path if question.pick is None else leaf.path[1:]
        value = _change(value, path, partial(_as_due, due=want))
    return outcome._replace(value=value)


def _change(value: Any, path: Sequence[Entry], change: Callable[[Any], Any]) -> Any:
    """A result of which one leaf is changed; what lacks the leaf stays as it is."""
    if not path:
        return change(value)
    entry, rest = path[0], path[1:]
    if isinstance(value, dict):
        return {**value, entry.name: _change(value[entry.name], rest, change)} if entry.name in value else value
    if type(value) in (tuple, list) and len(value) == entry.of and (entry.of > 1 or entry.name.startswith("[")):
        items = (_change(each, rest, change) if n == entry.index else each for n, each in enumerate(value))
        return type(value)(items)
    return _change(value, rest, change) if entry.of == 1 else value


def _as_due(value: Any, due: Any) -> Any:
    if type(value) in (tuple, list) and (due is None or isinstance(due, (tuple, list))):
        dues = due if due is not None and len(due) == len(value) else [None] * len(value)
        return type(value)(_as_due(each, want) for each, want in zip(value, dues, strict=True))
    is_row = isinstance(value, np.ndarray) and value.ndim == 2 and 1 in value.shape
    return value.ravel() if is_row and (due is None or np.ndim(due) == 1) else value
