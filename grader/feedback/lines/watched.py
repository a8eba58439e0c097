"""Asks a question in which a stub of ours calls the student's function, and watches it: in a child of its own."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from msgspec.structs import replace

from grader.checks.question import Question
from grader.errors import AssignmentError
from grader.extraction.model import Extraction, FunctionFacts
from grader.grading.allowance import Allowance
from grader.grading.execution import run_questions
from grader.grading.graded import GradedSubmission
from grader.plan.plan import Plan, PlannedCheck, PlannedFunction, Truths
from grader.worker.shared.steps import Call, Ref, Returned, Step, StoreValue, Stub, StudentFunction, Value


def student_steps(question: Question, extraction: Extraction) -> tuple[Step, ...]:
    """Those of the signature that the student's function has."""
    taken = extraction.facts.get(question.function.name, FunctionFacts()).takes
    signatures = question.function.signatures
    number = taken.first_of([each.passed for each in signatures]) if taken and len(signatures) > 1 else 0
    return question.steps_for(number)


def watched(steps: Sequence[Step], name: str, stub: Stub, *given: Value) -> tuple[Step, ...]:
    """The steps up to the first call of the function, which the stub makes; none where it isn't called by its name.

    Args:
        given: what the stub gets before the function and its arguments.
    """
    for number, step in enumerate(steps):
        if isinstance(step, Call) and (called := _called(step, name)) is not None:
            call = Call(Ref(number), (*given, called, *step.args), step.kwargs)
            return (*steps[:number], StoreValue(stub), call)
    return ()


def _called(step: Call, name: str) -> StudentFunction | Ref | None:
    method = f".{name.rpartition('.')[2]}"
    if isinstance(step.function, Ref):
        return step.function if "." in name and step.function.path[-1:] == (method,) else None
    return StudentFunction(name) if step.function == name else None


def ask_watched(
    student: GradedSubmission, name: str, questions: Sequence[tuple[Question, tuple[Step, ...]]], seconds: float
) -> list[Any]:
    """What the stub told of each question, which may be anything; None where it told nothing.

    Args:
        seconds: processor time of each call.
    """
    asked = [_as_question(question, steps) for question, steps in questions]
    checks = tuple(PlannedCheck(each.check, partial(tuple, [each])) for each in asked)
    truths = Truths(student.plan.assignment)
    plan = Plan(student.plan.assignment, student.plan.seed, (PlannedFunction(asked[0].function, checks),), truths)
    replaced = {name: student.carried[name].helpers} if name in student.carried else {}
    allowance = Allowance(student.plan.rubric.limits).part(seconds)
    try:
        answers = run_questions(plan, student.extraction, student.sandbox, lambda *_: True, replaced, allowance)
    except AssignmentError:
        return [None] * len(asked)
    given = [answers.of(each) for each in asked]
    last = [answer.outcomes[-1] if answer is not None and answer.outcomes else None for answer in given]
    return [each.value if isinstance(each, Returned) else None for each in last]


def _as_question(question: Question, steps: tuple[Step, ...]) -> Question:
    """The question with these steps, which are the same for each signature and way."""
    function = replace(question.function, signatures=question.function.signatures[:1], ways=())
    check = replace(question.check, visibility="public", ways=())
    return replace(question, function=function, check=check, steps=steps, others=())
