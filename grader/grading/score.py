"""Findings become points: verdicts times points, added up as exact fractions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

import msgspec

from grader.checks.finding import NO_CONTENT, PASSED, Finding
from grader.checks.kinds import kind_of, message_of
from grader.extraction.model import Extraction
from grader.grading.answers import Answers
from grader.grading.grades import (
    UNREADABLE,
    UNREADABLE_NOTE,
    CheckGrade,
    FunctionGrade,
    Grade,
    NamedMistake,
    Problem,
    Slip,
    name_all,
)
from grader.grading.judging import (
    CheckResult,
    has_right_values,
    judge,
    line_of,
    may_be_told_again,
    told_by_calls,
)
from grader.grading.student_code import find_code, list_files
from grader.plan.cache import IdentityCache
from grader.plan.plan import Plan, PlannedFunction
from grader.reference import Variant
from grader.rubric.model import Check, RequiredFunction
from grader.sandbox.sandbox import Isolation, StatementFault
from grader.submission.collecting import Note, Upload
from grader.verdict import AT_ZERO, OPEN, Verdict, first_verdict
from grader.version import __version__
from grader.worker.shared.steps import Outcome

if TYPE_CHECKING:
    from grader.grading.carry_forward import CarriedRun
    from grader.grading.other_forms import FormRun


class Diagnosis(msgspec.Struct, frozen=True):
    """A mistake that explains the answers, and the share of the points that it still earns."""

    mistake: Variant
    credit: Fraction
    is_trivial: bool = False  #: whether something commits it that took no thought


def grade_functions(
    plan: Plan,
    extraction: Extraction,
    answers: Answers,
    carried: Mapping[str, CarriedRun] = MappingProxyType({}),
    mistakes: Mapping[str, Diagnosis] = MappingProxyType({}),
    forms: Sequence[FormRun] = (),
    before: Sequence[FunctionGrade] = (),
) -> list[FunctionGrade]:
    """The grade of every required function, in the rubric's order.

    Args:
        before: grades by fewer of these runs: who lost nothing keeps them.
    """
    grades: list[FunctionGrade] = []
    right = {each.name: each for each in before if each.verdict is Verdict.PASSED}
    for planned in plan.functions:
        name = planned.function.name
        if name in right:
            grades.append(right[name])
            continue
        blameless = {grade.name for grade in grades if grade.verdict is Verdict.CARRIED}
        run = _blame(carried[name], blameless) if name in carried else None
        found = grade_function(planned, plan, extraction, answers, run, mistakes.get(name), forms)
        grades.append(_charged_once(found, mistakes.get(name), grades, mistakes, plan.rubric.carried))
    return grades


def _charged_once(
    grade: FunctionGrade,
    diagnosis: Diagnosis | None,
    before: Sequence[FunctionGrade],
    mistakes: Mapping[str, Diagnosis],
    share: Fraction,
) -> FunctionGrade:
    """The grade, its lost points carried where an earlier function has lost them to the same mistake already.

    All of its answers agree with that mistake, so nothing else is wrong with it. What takes no thought isn't carried.
    """
    if diagnosis is None or diagnosis.is_trivial or grade.score is None:
        return grade
    same = {diagnosis.mistake.name, diagnosis.mistake.same_as} - {""}
    charged = [
        each.name for each in before if each.mistakes and not each.charged_in and _names_of(mistakes[each.name]) & same
    ]
    if not charged:
        return grade
    reason = f"Correct, except for the same mistake as in {charged[0]}, where it costs points."
    checks = tuple(_carry_check(check, share, reason) for check in grade.checks)
    score = sum((check.score for check in checks if check.score), Fraction(0))
    if score <= grade.score:
        return grade
    own = sum((check.score for check in grade.checks if check.score), Fraction(0))
    return msgspec.structs.replace(
        grade,
        checks=checks,
        score=score,
        verdict=function_verdict(grade.max_score, score, checks),
        carried=grade.carried + score - own,
        from_mistake=Fraction(0),
        carried_with=(charged[0],),
        charged_in=charged[0],
    )


def _names_of(diagnosis: Diagnosis) -> set[str]:
    return {diagnosis.mistake.name, diagnosis.mistake.same_as} - {""}


def _carry_check(check: CheckGrade, share: Fraction, reason: str) -> CheckGrade:
    if not check.max_score or check.score is None or check.score >= check.max_score:
        return check
    score = check.score + share * (check.max_score - check.score)
    return msgspec.structs.replace(
        check, score=score, verdict=Verdict.CARRIED, message=reason, hint="", details=None, waits=False
    )


def _blame(carried: CarriedRun, blameless: set[str]) -> CarriedRun:
    """The run with only those helpers named that are wrong themselves, not for want of right helpers of their own."""
    guilty = tuple(name for name in carried.helpers if name not in blameless)
    return msgspec.structs.replace(carried, helpers=guilty or carried.helpers)


def grade_function(
    planned: PlannedFunction,
    plan: Plan,
    extraction: Extraction,
    answers: Answers,
    carried: CarriedRun | None = None,
    diagnosis: Diagnosis | None = None,
    forms: Sequence[FormRun] = (),
) -> FunctionGrade:
    """The grade of one function: under the one convention that pays best, for all of its checks together.

    Each check takes the better of the student's own run and the carried one. The score is the sum of the checks, or
    what the function's known mistake still earns, whichever is more. Who answers as somebody right did, to the last
    bit, gets the very same grade.
    """

    def find() -> FunctionGrade:
        return _grade_function(planned, plan, extraction, answers, carried, diagnosis, forms)

    outcomes = told_by_calls(planned, answers) if not (carried or diagnosis or forms) else None
    if outcomes is None:
        return find()
    remarks = extraction.remarks.get(planned.function.name, ())
    right: IdentityCache[FunctionGrade] = plan.right
    return right.of_kept((planned, *outcomes), lambda: _to_keep(find(), outcomes), also=remarks)


def _to_keep(grade: FunctionGrade, outcomes: Sequence[Outcome]) -> tuple[FunctionGrade, bool]:
    return grade, grade.verdict is Verdict.PASSED and may_be_told_again(outcomes)


def _grade_function(
    planned: PlannedFunction,
    plan: Plan,
    extraction: Extraction,
    answers: Answers,
    carried: CarriedRun | None,
    diagnosis: Diagnosis | None,
    forms: Sequence[FormRun],
) -> FunctionGrade:
    name = planned.function.name
    remarks = extraction.remarks.get(name, ())
    if (why := why_absent(name, extraction, answers)) is not None:
        return _function_grade(planned, _missing_bill(planned), (why, *remarks))
    best: _Bill | None = None
    for convention in plan.truths.conventions(name):
        bill = _make_bill(planned, plan, extraction, answers, carried, convention)
        if best is None or bill.score > best.score:
            best = bill
        if bill.score == planned.function.points:
            break
    assert best is not None
    best = _pick_form(best, planned, plan, extraction, forms)
    shown = answers if carried is None else carried.answers
    if not best.score:
        from grader.grading.placeholders import find_placeholder  # late: right submissions need nothing of it

        if (why := find_placeholder(planned, shown, extraction)) is not None:
            return _function_grade(planned, _missing_bill(planned), (why, *remarks))
    if carried is not None and name in carried.answers.refused and best.score < planned.function.points:
        remarks = (_why_refused(carried), *remarks)
    return _function_grade(planned, best, (*best.remarks, *remarks), diagnosis)


def _pick_form(
    best: _Bill, planned: PlannedFunction, plan: Plan, extraction: Extraction, forms: Sequence[FormRun]
) -> _Bill:
    """The bill for the form of vectors that pays best; nothing is said of the form that the rubric gives."""
    for run in forms:
        if planned.function.name not in run.functions:
            continue
        for convention in plan.truths.conventions(planned.function.name):
            bill = _make_bill(planned, plan, extraction, run.answers, None, convention)
            if bill.score > best.score:
                said = f"Its vectors were given as {run.form.words}: that is how it takes them. That is fine here."
                best = msgspec.structs.replace(bill, remarks=(*bill.remarks, said))
    return best


class _Bill(msgspec.Struct, frozen=True, dict=True):
    """The checks of a function under one convention."""

    checks: tuple[CheckGrade, ...]
    carried: Fraction = Fraction(0)
    helpers: tuple[str, ...] = ()  #: those that were replaced, and that lost points themselves
    convention: str | None = None
    remarks: tuple[str, ...] = ()  #: on what is right and still worth saying

    @cached_property
    def score(self) -> Fraction:
        return sum((check.score for check in self.checks if check.score), Fraction(0))


def _make_bill(
    planned: PlannedFunction,
    plan: Plan,
    extraction: Extraction,
    answers: Answers,
    carried: CarriedRun | None,
    convention: str,
) -> _Bill:
    own, remarks = _checks(planned, plan, extraction, answers, convention)
    if carried is None:
        return _Bill(tuple(own.values()), convention=convention or None, remarks=remarks)
    helped, _ = _checks(planned, plan, extraction, carried.answers, convention)
    # By the check, not by its place: an explaining check may have been asked in one of the two runs alone.
    better = tuple(
        _pick_better(mine, helped[check], carried, plan.rubric.carried) if check in helped else mine
        for check, mine in own.items()
    )
    bill = _Bill(better, convention=convention or None, remarks=remarks)
    helpers = carried.helpers if carried.blamed else ()
    return msgspec.structs.replace(bill, carried=bill.score - _Bill(tuple(own.values())).score, helpers=helpers)


def _pick_better(own: CheckGrade, helped: CheckGrade, carried: CarriedRun, share: Fraction) -> CheckGrade:
    """The check that pays more; what only replaced helpers earn is said to be carried.

    Where neither pays more, the run with right helpers shows the function's own mistakes and no others.
    """
    if own.score is None or helped.score is None or helped.score < own.score or own.verdict is Verdict.PASSED:
        return own
    if helped.score == own.score:  # a helper of theirs may take other arguments: then the own run says more
        return helped if helped.verdict is own.verdict else own
    score = own.score + share * (helped.score - own.score)
    verdict = Verdict.CARRIED if helped.verdict is Verdict.PASSED else helped.verdict
    return msgspec.structs.replace(
        helped, score=score, verdict=verdict, message=_why_carried(carried), hint="", details=None
    )


def _why_carried(carried: CarriedRun) -> str:
    if not carried.blamed:
        return "Right where the functions that it calls give plain arrays: theirs is another kind, so nothing is lost."
    return f"Correct with a working {name_all(carried.helpers)}: the error costs points there."


def _why_refused(carried: CarriedRun) -> str:
    return (
        f"It was tried again with right versions of {name_all(carried.helpers)}. It called them for far more numbers "
        "than one question is about, so they stopped to answer: slopes that are measured with right helpers earn "
        "nothing."
    )


def why_absent(name: str, extraction: Extraction, answers: Answers) -> str | None:
    """Why a required function can't be called at all; None where it can."""
    if name in extraction.missing:
        return extraction.missing[name]
    return _why_unbound(name, extraction, answers) if name in answers.unbound else None


def _function_grade(
    planned: PlannedFunction, bill: _Bill, remarks: tuple[str, ...], diagnosis: Diagnosis | None = None
) -> FunctionGrade:
    function = planned.function
    from_mistake = max(Fraction(0), diagnosis.credit * function.points - bill.score) if diagnosis else Fraction(0)
    score = bill.score + from_mistake
    verdict = function_verdict(function.points, score, bill.checks)
    mistakes = (NamedMistake(diagnosis.mistake.name, diagnosis.mistake.hint),) if diagnosis else ()
    return FunctionGrade(
        name=function.name,
        promise=function.promise,
        score=None if verdict in OPEN else score,
        max_score=function.points,
        verdict=verdict,
        carried=bill.carried,
        from_mistake=from_mistake,
        convention=bill.convention,
        mistakes=mistakes,
        remarks=remarks,
        checks=_worth_telling(bill.checks, verdict),
        optional=function.optional,
        carried_with=bill.helpers if bill.carried else (),
    )


def _worth_telling(checks: tuple[CheckGrade, ...], verdict: Verdict) -> tuple[CheckGrade, ...]:
    """Without explanations where there is nothing left to explain."""
    return tuple(c for c in checks if c.max_score or verdict not in (Verdict.PASSED, Verdict.CARRIED) or c.advisory)


def function_verdict(points: Fraction, score: Fraction, checks: Sequence[CheckGrade]) -> Verdict:
    """The verdict of a function that has `score` of `points`."""
    found = [check.verdict for check in checks if check.max_score]
    if (open_one := first_verdict(OPEN, found)) is not None:
        return open_one
    if score >= points:
        return Verdict.CARRIED if Verdict.CARRIED in found else Verdict.PASSED
    if score > 0:
        return Verdict.PARTLY
    return first_verdict(AT_ZERO, found) or Verdict.FAILED


def total_verdict(functions: Sequence[FunctionGrade]) -> Verdict:
    """The verdict of a whole submission, from those of its functions, by the same order."""
    if (open_one := first_verdict(OPEN, [function.verdict for function in functions])) is not None:
        return open_one
    found = [function.verdict for function in functions if not function.optional]
    if all(verdict in (Verdict.PASSED, Verdict.CARRIED) for verdict in found):
        return Verdict.CARRIED if Verdict.CARRIED in found else Verdict.PASSED
    if any(function.score for function in functions):
        return Verdict.PARTLY
    return first_verdict(AT_ZERO, found) or Verdict.FAILED


def verdict_with_slips(verdict: Verdict, slips: Sequence[Slip]) -> Verdict:
    """The verdict of a submission whose functions are right once slips are repaired, which cost something."""
    costs = any(slip.price for slip in slips)
    return Verdict.PARTLY if costs and verdict in (Verdict.PASSED, Verdict.CARRIED) else verdict


def _missing_bill(planned: PlannedFunction) -> _Bill:
    absent = Finding(Verdict.MISSING, "missing")
    return _Bill(
        tuple(_check_grade(item.check, absent, Fraction(0)) for item in planned.checks if item.check.points > 0)
    )


def _why_unbound(name: str, extraction: Extraction, answers: Answers) -> str:
    module, _ = extraction.entries[name]
    faults = [fault for fault in answers.faults if fault.module == module]
    if skipped := [each for each in extraction.skipped if each.module == module]:
        return f"{name} could not be made: {extraction.place(module, skipped[0].line)} was {skipped[0].why}."
    if not faults:
        return f"{name} is not a function any more once the file is loaded."
    fault = faults[0]
    return f"{name} could not be made: {extraction.place(fault.module, fault.line)} failed."


def _checks(
    planned: PlannedFunction, plan: Plan, extraction: Extraction, answers: Answers, convention: str
) -> tuple[dict[int, CheckGrade], tuple[str, ...]]:
    """The checks with their points, by the check's identity, and what is worth saying of right answers."""
    judged = judge(planned, plan, extraction, answers, convention)
    pays = has_right_values(judged)
    remarks = dict.fromkeys(finding.remark for item in judged for finding in item.findings if finding.remark)
    told = (item for item in judged if item.check.points or kind_of(item.check).told_without_points)
    right = {item.check.title for item in judged if item.passed}
    return {id(item.check): _pay(item, pays, right) for item in told}, tuple(remarks)


def _pay(judged: CheckResult, values_pass: bool, right: Collection[str]) -> CheckGrade:
    """All or nothing over a check's questions, unless it shares; nothing where it waits for others that are wrong."""
    check, findings = judged.check, judged.findings
    verdict = first_verdict((Verdict.NOT_GRADED, *AT_ZERO), [finding.verdict for finding in findings])
    if verdict is None:
        verdict = Verdict.PASSED
    decisive = next((finding for finding in findings if finding.verdict is verdict), PASSED)
    if verdict is Verdict.NOT_GRADED:
        return _check_grade(check, decisive, None)
    if check.needs_values and check.points and not values_pass:
        return _check_grade(check, _pending(check, decisive), Fraction(0))
    if check.points and not set(check.requires) <= set(right) and decisive.passed:
        return _check_grade(check, Finding(Verdict.FAILED, "others_first"), Fraction(0))
    if verdict is Verdict.PASSED:
        return _check_grade(check, decisive, check.points)
    shares = (Fraction(1 if each.passed else each.right_share).limit_denominator() for each in findings)
    share = sum(shares, Fraction(0)) / len(findings) if check.shares else Fraction(0)
    return _check_grade(check, decisive, check.points * share)


def _pending(check: Check, finding: Finding) -> Finding:
    """What to say of a check that can't pay yet."""
    if finding.passed or finding.reason in kind_of(check).after_values:
        return Finding(Verdict.FAILED, "values_first")
    return finding


def _check_grade(check: Check, finding: Finding, score: Fraction | None) -> CheckGrade:
    partly = score is not None and 0 < score < check.points
    waits = finding.reason in ("values_first", "others_first")
    hinted = finding.verdict is Verdict.FAILED and finding.reason not in NO_CONTENT
    return CheckGrade(
        title=check.title,
        kind=check.kind,
        verdict=Verdict.PARTLY if partly else finding.verdict,
        score=score,
        max_score=check.points,
        visibility=check.visibility,
        message=message_of(finding, check),
        hint=(finding.hint or check.hint) if hinted else "",
        advisory=kind_of(check).advisory and not check.points,
        waits=waits,
        details=None if finding.passed else finding.details,
    )


def _say_fault(fault: StatementFault, extraction: Extraction) -> str:
    source = line_of(extraction.modules.get(fault.module, ""), fault.line)
    return f"This statement failed: {fault.type}: {fault.text}{f', in:  {source}' if source else ''}"


def make_grade(
    plan: Plan,
    submission: Upload,
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
        Problem(extraction.place(fault.module, fault.line), _say_fault(fault, extraction)) for fault in answers.faults
    )
    skipped = (Problem(extraction.place(each.module, each.line), each.why) for each in extraction.skipped)
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
        problems=(*(Problem(*note) for note in (*submission.problems, *extraction.problems)), *skipped, *faults),
        left_out=tuple(Problem(*item) for item in extraction.left_out),
        isolation=isolation,
        seed=plan.seed,
        rubric_sha256=rubric.sha256,
        reference_sha256=plan.assignment.reference.sha256,
        grader_version=__version__,
        seconds=round(seconds, 3),
        code=find_code(extraction, functions),
        files=list_files(submission),
        repair=rubric.repair,
        sources=extraction.sources,
    )


def make_unreadable(plan: Plan, submission: Upload, why: str, isolation: Isolation, seconds: float) -> Grade:
    """The grade of what nobody but a person can read: open, and never a zero."""
    note = Note("the submission", f"{UNREADABLE_NOTE}{why}")
    read = submission._replace(problems=(*submission.problems, note))
    nothing = Extraction({}, {}, {}, {}, (), ())
    answers = Answers({}, {}, (), frozenset())
    functions = [_open_grade(planned.function) for planned in plan.functions]
    grade = make_grade(plan, read, nothing, answers, functions, isolation, seconds)
    return msgspec.structs.replace(grade, reason=UNREADABLE)


def _open_grade(function: RequiredFunction) -> FunctionGrade:
    return FunctionGrade(
        name=function.name,
        promise=function.promise,
        score=None,
        max_score=function.points,
        verdict=Verdict.AWAITING,
        carried=Fraction(0),
        from_mistake=Fraction(0),
        convention=None,
        mistakes=(),
        remarks=(),
        checks=(),
        optional=function.optional,
    )


def has_lost_points(functions: Sequence[FunctionGrade]) -> bool:
    """Whether there is anything that right helpers might mend: what is missing, too, may be so for a helper's sake."""
    return any(function.verdict not in (Verdict.PASSED, *OPEN) for function in functions)


def functions_to_explain(functions: Sequence[FunctionGrade]) -> frozenset[str]:
    """The functions of which a student wants to know why."""
    return frozenset(f.name for f in functions if f.verdict not in (Verdict.PASSED, Verdict.MISSING, *OPEN))
