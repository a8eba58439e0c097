"""Findings become points: verdicts times points, added up as exact fractions."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import msgspec

from grader.asking import Answers
from grader.checks.finding import PASSED, REASONS, Details, Finding
from grader.checks.kinds import KINDS
from grader.checks.question import Question, ended
from grader.extraction import Extraction
from grader.grades import CheckGrade, FunctionGrade, Grade
from grader.plan import Plan, PlannedCheck, PlannedFunction
from grader.rubric import Check
from grader.rubric_reader import is_drawn_value
from grader.sandbox import Isolation
from grader.submission import Problem, Submission
from grader.verdict import AT_ZERO, OPEN, Verdict, first_of
from grader.version import __version__


def grade_function(planned: PlannedFunction, plan: Plan, extraction: Extraction, answers: Answers) -> FunctionGrade:
    """The grade of one function: under the one convention that pays best, for all of its checks together."""
    name = planned.function.name
    remarks = extraction.remarks.get(name, ())
    absent = extraction.missing.get(name) or (_unbound(name, extraction, answers) if name in answers.unbound else None)
    if absent is not None:
        return _missing(planned, absent, remarks)
    best: tuple[Fraction, str, tuple[CheckGrade, ...]] | None = None
    for convention in plan.truths.conventions(name):
        checks = _graded_checks(planned, plan, extraction, answers, convention)
        score = sum((check.score or Fraction(0) for check in checks), Fraction(0))
        if best is None or score > best[0]:
            best = (score, convention, checks)
        if score == planned.function.points:
            break
    assert best is not None
    return _function_grade(planned, best[2], best[1] or None, remarks)


def _function_grade(
    planned: PlannedFunction, checks: tuple[CheckGrade, ...], convention: str | None, remarks: tuple[str, ...]
) -> FunctionGrade:
    function = planned.function
    verdict = function_verdict(function.points, checks)
    score = None if verdict in OPEN else sum((c.score or Fraction(0) for c in checks), Fraction(0))
    return FunctionGrade(
        name=function.name,
        promise=function.promise,
        score=score,
        max_score=function.points,
        verdict=verdict,
        carried=Fraction(0),
        from_mistake=Fraction(0),
        convention=convention,
        mistakes=(),
        remarks=remarks,
        checks=checks,
    )


def function_verdict(points: Fraction, checks: Sequence[CheckGrade]) -> Verdict:
    """The verdict of a function, by RUBRIC's rule."""
    found = [check.verdict for check in checks if check.max_score > 0]
    if (open_one := first_of(OPEN, found)) is not None:
        return open_one
    score = sum((check.score or Fraction(0) for check in checks), Fraction(0))
    if score >= points:
        return Verdict.CARRIED if Verdict.CARRIED in found else Verdict.PASSED
    if score > 0:
        return Verdict.PARTLY
    return first_of(AT_ZERO, found) or Verdict.FAILED


def total_verdict(functions: Sequence[FunctionGrade]) -> Verdict:
    """The verdict of a whole submission, from those of its functions, by the same order."""
    found = [function.verdict for function in functions]
    if (open_one := first_of(OPEN, found)) is not None:
        return open_one
    if all(verdict in (Verdict.PASSED, Verdict.CARRIED) for verdict in found):
        return Verdict.CARRIED if Verdict.CARRIED in found else Verdict.PASSED
    if any(function.score for function in functions):
        return Verdict.PARTLY
    return first_of(AT_ZERO, found) or Verdict.FAILED


def _missing(planned: PlannedFunction, why: str, remarks: tuple[str, ...]) -> FunctionGrade:
    checks = tuple(
        _check_grade(item.check, Finding(Verdict.MISSING, "missing"), Fraction(0))
        for item in planned.checks
        if item.check.points > 0
    )
    return _function_grade(planned, checks, None, (why, *remarks))


def _unbound(name: str, extraction: Extraction, answers: Answers) -> str:
    module, _ = extraction.entries[name]
    faults = [fault for fault in answers.faults if fault.module == module]
    if not faults:
        return f"{name} is no function once the file is loaded."
    fault = faults[0]
    return f"{name} could not be made: {extraction.place(fault.module, fault.line)} failed."


def _graded_checks(
    planned: PlannedFunction, plan: Plan, extraction: Extraction, answers: Answers, convention: str
) -> tuple[CheckGrade, ...]:
    found = [
        (item.check, _findings(item, plan, extraction, answers, convention))
        for item in planned.checks
        if _was_asked(item, answers) or item.check.points > 0
    ]
    values_pass = all(
        all(finding.passed for finding in findings)
        for check, findings in found
        if is_drawn_value(check, planned.function)
    )
    return tuple(_paid(check, findings, values_pass) for check, findings in found)


def _was_asked(item: PlannedCheck, answers: Answers) -> bool:
    return all(answers.of(question) is not None for question in item.questions)


def _findings(
    item: PlannedCheck, plan: Plan, extraction: Extraction, answers: Answers, convention: str
) -> list[Finding]:
    return [_finding(question, plan, extraction, answers, convention) for question in item.questions]


def _finding(question: Question, plan: Plan, extraction: Extraction, answers: Answers, convention: str) -> Finding:
    answer = answers.of(question)
    stop = answers.stops.get(question.function.name)
    if answer is None:
        if stop is None or stop.ended is None:
            return Finding(Verdict.NOT_GRADED, "fault", Details(note=stop.text if stop else None))
        return ended(stop.ended, Details(note=stop.text))
    finding = KINDS[question.check.kind].judge(question, plan.truths.of(question, convention), answer)
    return _placed(finding, extraction)


def _placed(finding: Finding, extraction: Extraction) -> Finding:
    """With "module:line" said as the student's own file or cell and line."""
    where = finding.details.where
    if where is None:
        return finding
    module, _, line = where.rpartition(":")
    details = msgspec.structs.replace(finding.details, where=extraction.place(module, int(line)))
    return msgspec.structs.replace(finding, details=details)


def _paid(check: Check, findings: Sequence[Finding], values_pass: bool) -> CheckGrade:
    """All or nothing over a check's questions, unless it shares; nothing where it waits for values that are wrong."""
    right = sum(finding.passed for finding in findings)
    worst = next((finding for finding in findings if not finding.passed), PASSED)
    order = (Verdict.NOT_GRADED, *AT_ZERO)
    verdict = first_of(order, [finding.verdict for finding in findings])
    if verdict is Verdict.NOT_GRADED:
        return _check_grade(check, next(f for f in findings if f.verdict is verdict), None)
    if check.needs_values and not values_pass and check.points > 0:
        waiting = worst if not worst.passed else Finding(Verdict.FAILED, "values_first")
        return _check_grade(check, waiting, Fraction(0))
    if worst.passed:
        return _check_grade(check, PASSED, check.points)
    share = Fraction(right, len(findings)) if check.shares else Fraction(0)
    return _check_grade(check, worst, check.points * share)


def _check_grade(check: Check, finding: Finding, score: Fraction | None) -> CheckGrade:
    partly = score is not None and 0 < score < check.points
    message = REASONS[finding.reason] if finding.reason else ""
    if finding.exception:
        message = f"The call raised {finding.exception}."
    return CheckGrade(
        title=check.title,
        kind=check.kind,
        verdict=Verdict.PARTLY if partly else finding.verdict,
        score=score,
        max_score=check.points,
        visibility=check.visibility,
        message=message,
        hint=check.hint if not finding.passed else "",
        advisory=check.advisory,
        details=None if finding.passed else finding.details,
    )


def make_grade(
    plan: Plan,
    submission: Submission,
    extraction: Extraction,
    answers: Answers,
    functions: Sequence[FunctionGrade],
    isolation: Isolation,
    seconds: float,
) -> Grade:
    """The grade of a submission: its functions' points added up, and everything that a report says around them."""
    verdict = total_verdict(functions)
    rubric = plan.rubric
    faults = tuple(
        Problem(extraction.place(fault.module, fault.line), f"This statement failed: {fault.type}: {fault.text}")
        for fault in answers.faults
    )
    return Grade(
        assignment=rubric.name,
        title=rubric.title,
        submission=submission.name,
        student=None,
        audience="instructor",
        score=None if verdict in OPEN else sum((f.score or Fraction(0) for f in functions), Fraction(0)),
        max_score=rubric.points,
        verdict=verdict,
        functions=tuple(functions),
        problems=(*submission.problems, *extraction.problems, *faults),
        left_out=tuple(Problem(item.where, item.reason) for item in extraction.left_out),
        isolation=isolation,
        seed=plan.seed,
        rubric_sha256=rubric.sha256,
        reference_sha256=plan.assignment.reference.sha256,
        grader_version=__version__,
        seconds=round(seconds, 3),
    )


def lost_points(functions: Sequence[FunctionGrade]) -> frozenset[str]:
    """The functions of which a student wants to know why."""
    return frozenset(f.name for f in functions if f.verdict not in (Verdict.PASSED, Verdict.MISSING, *OPEN))
