"""Errors carried forward: a function whose helpers are broken is asked again, with right helpers in their place.

The helpers' answers come from a second jailed child that holds the reference and no code of the student; they answer
for the replaced helpers only, so they are no oracle for the function that is graded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from grader.extraction.model import Extraction
from grader.grading.allowance import Allowance
from grader.grading.execution import Answers, Select, has_points, run_questions
from grader.grading.grades import FunctionGrade
from grader.plan.plan import Plan, PlannedCheck, PlannedFunction
from grader.sandbox.sandbox import Sandbox
from grader.verdict import OPEN, Verdict


class CarriedRun(msgspec.Struct, frozen=True):
    """A second run of a function, with its broken helpers replaced by the reference's."""

    answers: Answers
    helpers: tuple[str, ...]
    blamed: bool = True  #: whether any of the helpers lost points itself


def rerun_with_reference_helpers(
    plan: Plan, extraction: Extraction, functions: Sequence[FunctionGrade], sandbox: Sandbox, allowance: Allowance
) -> dict[str, CarriedRun]:
    """The second runs of all functions that lost points and need others, by name.

    Replaced are the helpers that lost points. Where none did, all are: one that passes its own checks may still give
    what no caller can use, a matrix for an array, say.
    """
    lost = {grade.name: _is_endless(grade) for grade in functions if grade.verdict not in (Verdict.PASSED, *OPEN)}
    replaced = {
        planned.function.name: helpers
        for planned in plan.functions
        if planned.function.name in lost and (helpers := _replaceable(planned, lost))
    }
    if not replaced:
        return {}

    def select(planned: PlannedFunction, check: PlannedCheck) -> bool:
        return planned.function.name in replaced and has_points(planned, check)

    answers = run_questions(plan, extraction, sandbox, select, replaced, allowance)
    return {
        name: CarriedRun(answers, helpers, not lost.keys().isdisjoint(helpers)) for name, helpers in replaced.items()
    }


def with_explaining_answers(
    plan: Plan,
    extraction: Extraction,
    carried: Mapping[str, CarriedRun],
    select: Select,
    sandbox: Sandbox,
    allowance: Allowance,
) -> dict[str, CarriedRun]:
    """The second runs, those with blamed helpers joined by the answers to the selected questions that only explain.

    A mistake is named, and paid for, where all of a function's answers agree with it: so all have to be there.
    """
    replaced = {name: run.helpers for name, run in carried.items() if run.blamed}

    def select_replaced(planned: PlannedFunction, check: PlannedCheck) -> bool:
        return planned.function.name in replaced and select(planned, check)

    if not any(select_replaced(planned, check) for planned in plan.functions for check in planned.checks):
        return dict(carried)
    more = run_questions(plan, extraction, sandbox, select_replaced, replaced, allowance)
    return {
        name: msgspec.structs.replace(run, answers=run.answers.join_answers(more)) if name in replaced else run
        for name, run in carried.items()
    }


def _replaceable(planned: PlannedFunction, lost: Mapping[str, bool]) -> tuple[str, ...]:
    """The helpers to replace, where `lost` says of each function that lost points whether it ran too long."""
    functions = tuple(name for name in planned.function.needs if "." not in name)
    broken = tuple(name for name in functions if name in lost)
    # What the rubric's own `call` hands from one function to another is theirs to get right; and what runs without end
    # though its helpers are right would do so again.
    return broken or (() if planned.function.call or lost[planned.function.name] else functions)


def _is_endless(grade: FunctionGrade) -> bool:
    return any(check.verdict is Verdict.TIMEOUT for check in grade.checks)
