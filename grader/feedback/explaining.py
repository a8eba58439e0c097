"""Each lost point gets its reason: a mistake's name and credit, a behaviour, an input on which the function fails."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from grader.feedback.answer_digests import with_digests
from grader.feedback.counterexamples import with_counterexamples
from grader.feedback.diagnosis import diagnose
from grader.feedback.oversized import find_oversized, with_remarks
from grader.feedback.patterns import with_patterns
from grader.grading.graded import FurtherSearch, GradedSubmission
from grader.grading.grades import FunctionGrade
from grader.grading.other_forms import FormRun
from grader.grading.score import grade_functions
from grader.verdict import Verdict


def explain_lost_points(
    student: GradedSubmission,
    functions: Sequence[FunctionGrade],
    lost: frozenset[str],
    forms: Sequence[FormRun],
    explain: str,
    further: FurtherSearch | None,
) -> list[FunctionGrade]:
    """The grades, with what a known mistake still earns.

    Args:
        lost: the functions to explain.
        explain: one of which there should be several inputs on which it fails, each as simple as can be.
    """
    plan, extraction, answers = student.plan, student.extraction, student.answers
    # With sound helpers, a function's own answers explain it.
    charged = {name: run for name, run in student.carried.items() if run.blamed}
    oversized = find_oversized(plan, lost, answers, charged)
    mistakes = diagnose(plan, lost - oversized, answers, charged)
    functions = grade_functions(plan, extraction, answers, student.carried, mistakes, forms, functions)
    explained = [function for function in functions if function.name not in oversized]
    explained = with_patterns(plan, extraction, answers, charged, explained)
    explained = with_digests(plan, answers, charged, explained)
    explained = with_counterexamples(replace(student, carried=charged), explained, explain)
    if any(grade.verdict in (Verdict.TIMEOUT, Verdict.MEMORY) for grade in functions):
        from grader.feedback.lines.rounds import with_places  # late: few are stopped

        explained = with_places(replace(student, carried=charged), explained)
    if further is not None:
        explained = _look_further(replace(student, carried=charged), explained, further)
    return with_remarks(functions, explained, oversized)


def _look_further(
    student: GradedSubmission, functions: Sequence[FunctionGrade], further: FurtherSearch
) -> list[FunctionGrade]:
    from grader.feedback.right_so_far import with_right_values  # late: few need these

    found = with_right_values(student, functions, further)
    if further.list_changes is None:
        return found
    from grader.feedback.smallest_change import with_smallest_changes

    return with_smallest_changes(student, found, further.list_changes, further.only)
