"""Errors carried forward: a function whose helpers are broken is asked again, with right helpers in their place.

The helpers' answers come from a second jailed child that holds the reference and no code of the student; they answer
for the replaced helpers only, so they are no oracle for the function that is graded.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import msgspec

from grader.grading.answers import Answers, ReplacedHelpers, Select, has_points
from grader.grading.execution import Interview
from grader.grading.grades import FunctionGrade
from grader.plan.plan import Plan, PlannedFunction
from grader.verdict import OPEN, Verdict


class CarriedRun(msgspec.Struct, frozen=True):
    """A second run of a function, with its broken helpers replaced by the reference's."""

    answers: Answers
    helpers: tuple[str, ...]
    blamed: bool = True  #: whether any of the helpers lost points itself


def helpers_to_replace(plan: Plan, functions: Sequence[FunctionGrade]) -> ReplacedHelpers:
    """For each function that lost points and needs others, the helpers that are replaced in its second run.

    They are those that lost points. Where none did, all are: one that passes its own checks may still give what no
    caller can use, a matrix for an array, say.
    """
    lost = _lost(functions)
    return {
        planned.function.name: helpers
        for planned in plan.functions
        if planned.function.name in lost and (helpers := _replaceable(planned, lost))
    }


def ask_with_reference_helpers(
    interview: Interview, functions: Sequence[FunctionGrade], replaced: ReplacedHelpers
) -> dict[str, CarriedRun]:
    """The second runs of these functions, by name.

    Args:
        interview: with these helpers replaced.
        functions: all grades of the first run.
    """
    answers = interview.ask(_of_functions(replaced, has_points))
    lost = _lost(functions).keys()
    return {name: CarriedRun(answers, helpers, not lost.isdisjoint(helpers)) for name, helpers in replaced.items()}


def with_explaining_answers(
    interview: Interview, carried: Mapping[str, CarriedRun], select: Select
) -> dict[str, CarriedRun]:
    """The second runs, those with blamed helpers joined by the answers to the selected questions that only explain.

    A mistake is named, and paid for, where all of a function's answers agree with it: so all have to be there.
    """
    blamed = {name for name, run in carried.items() if run.blamed}
    more = interview.ask(_of_functions(blamed, select))
    return {
        name: msgspec.structs.replace(run, answers=run.answers.join_answers(more)) if name in blamed else run
        for name, run in carried.items()
    }


def _of_functions(names: Collection[str], select: Select) -> Select:
    return lambda planned, check: planned.function.name in names and select(planned, check)


def _lost(functions: Sequence[FunctionGrade]) -> dict[str, bool]:
    """The functions that lost points, and whether they ran too long."""
    return {grade.name: _is_endless(grade) for grade in functions if grade.verdict not in (Verdict.PASSED, *OPEN)}


def _replaceable(planned: PlannedFunction, lost: Mapping[str, bool]) -> tuple[str, ...]:
    """The helpers to replace, where `lost` says of each function that lost points whether it ran too long."""
    functions = tuple(name for name in planned.function.needs if "." not in name)
    broken = tuple(name for name in functions if name in lost)
    # What the rubric's own `call` hands from one function to another is theirs to get right; and what runs without end
    # though its helpers are right would do so again.
    return broken or (() if planned.function.call or lost[planned.function.name] else functions)


def _is_endless(grade: FunctionGrade) -> bool:
    return any(check.verdict is Verdict.TIMEOUT for check in grade.checks)
