"""Errors carried forward: a function whose helpers are broken is asked again, with right helpers in their place.

The helpers' answers come from a second jailed child that holds the reference and no code of the student; they answer
for the replaced helpers only, so they are no oracle for the function that is graded.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import msgspec

from grader.checks.finding import Details
from grader.extraction.model import Extraction
from grader.grading.answers import Answers, ReplacedHelpers, Select, has_points
from grader.grading.execution import Interview
from grader.grading.grades import CheckGrade, FunctionGrade
from grader.grading.score import grade_function
from grader.plan.plan import Plan, PlannedFunction
from grader.verdict import OPEN, Verdict


class CarriedRun(msgspec.Struct, frozen=True):
    """A second run of a function, with its broken helpers replaced by the reference's."""

    answers: Answers
    helpers: tuple[str, ...]
    blamed: bool = True  #: whether any of the helpers lost points itself


def helpers_to_replace(
    plan: Plan, functions: Sequence[FunctionGrade], unhelped: Collection[str] = ()
) -> ReplacedHelpers:
    """For each function that lost points and needs others, the helpers that are replaced in its second run.

    They are those that lost points. Where none did, all are: one that passes its own checks may still give what no
    caller can use, a matrix for an array, say.

    Args:
        unhelped: functions of which it is known already that right helpers change nothing.
    """
    lost = _lost(functions)
    return {
        planned.function.name: helpers
        for planned in plan.functions
        if planned.function.name in lost
        and planned.function.name not in unhelped
        and (helpers := _replaceable(planned, lost))
    }


def find_unhelped(
    interview: Interview, functions: Sequence[FunctionGrade], answers: Answers, extraction: Extraction
) -> frozenset[str]:
    """Functions that right helpers change nothing in, as far as the child shows that has answered all else.

    Where none of its helpers lost points, that is so nearly always, and then a second run has nothing to tell. Nothing
    that this child says is shown: where anything changes, a child that has received nothing is asked.

    Args:
        interview: of the first run. It ends here.
        answers: those of the first run.
    """
    plan, lost = interview.plan, _lost(functions).keys()
    found = helpers_to_replace(plan, functions).items()
    replaced = {name: helpers for name, helpers in found if lost.isdisjoint(helpers)}
    if len(set(replaced.values())) != 1:  # what one of them needs may be what another one is asked
        return frozenset()
    helpers = next(iter(replaced.values()))
    before = {each.name: each for each in functions}
    tried = interview.try_with_helpers([*replaced], helpers, _of_functions(replaced, _select_lost(before)))
    if tried is None:
        return frozenset()
    tried = msgspec.structs.replace(tried, given={**answers.given, **tried.given})
    run = CarriedRun(tried, helpers, blamed=False)
    asked = [each for each in plan.functions if each.function.name in replaced]
    now = (grade_function(each, plan, extraction, answers, run) for each in asked)
    return frozenset(each.name for each in now if _told(each) == _told(before[each.name]))


def _select_lost(functions: Mapping[str, FunctionGrade]) -> Select:
    """The checks that lost points: a second run takes nothing from the others, so it can't change them."""
    lost = {(name, check.title) for name, grade in functions.items() for check in grade.checks if not _is_whole(check)}
    return lambda planned, check: has_points(planned, check) and (planned.function.name, check.check.title) in lost


def _is_whole(check: CheckGrade) -> bool:
    return check.score == check.max_score


def _told(function: FunctionGrade) -> tuple[object, ...]:
    """All that is said of a function, but for digits beyond those that are shown."""
    checks = (msgspec.structs.replace(check, details=_shown(check.details)) for check in function.checks)
    return (msgspec.structs.replace(function, checks=()), *checks)


def _shown(details: Details | None) -> Details | None:
    if details is None:
        return None
    blocks = tuple(each.bare for each in details.blocks)
    return msgspec.structs.replace(details, worst=None, blocks=blocks)


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
