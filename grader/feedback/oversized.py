"""Answers that are far larger than what was asked for: they are compared, once, and nobody explains them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from msgspec.structs import replace

from grader.grading.answers import Answers
from grader.grading.carry_forward import CarriedRun
from grader.grading.grades import FunctionGrade
from grader.plan.plan import Plan, PlannedFunction
from grader.sandbox.tally import LEAST_BYTES, weigh

#: How many times the size of what is right somebody's wrong answers may have.
_TIMES = 8

REMARK = "Its answers are far larger than what is asked for: they were compared, and not looked at more closely."


def find_oversized(
    plan: Plan, names: Collection[str], answers: Answers, carried: Mapping[str, CarriedRun]
) -> frozenset[str]:
    """Those of these functions whose answers are too large to be explained."""
    return frozenset(
        planned.function.name
        for planned in plan.functions
        if planned.function.name in names
        and any(_is_oversized(planned, plan, run) for run in _runs(planned.function.name, answers, carried))
    )


def _runs(name: str, answers: Answers, carried: Mapping[str, CarriedRun]) -> list[Answers]:
    return [answers, carried[name].answers] if name in carried else [answers]


def _is_oversized(planned: PlannedFunction, plan: Plan, answers: Answers) -> bool:
    questions = [question for item in planned.checks if item.check.points for question in item.questions]
    told = sum(weigh(answer.outcomes) for question in questions if (answer := answers.of(question)) is not None)
    return told > LEAST_BYTES and told > _TIMES * sum(weigh(plan.truths.of(question)) for question in questions)


def with_remarks(
    functions: Sequence[FunctionGrade], explained: Sequence[FunctionGrade], oversized: Collection[str]
) -> list[FunctionGrade]:
    """The grades, those that were explained in place of what they were, the others with a word on why they weren't."""
    by_name = {function.name: function for function in explained}
    return [
        replace(function, remarks=(*function.remarks, REMARK))
        if function.name in oversized
        else by_name.get(function.name, function)
        for function in functions
    ]
