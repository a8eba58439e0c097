"""Apply what people decided to a grade: pure functions from what the grader found to what is told and published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Protocol

import msgspec

from grader.classroom.decisions.lateness import Lateness
from grader.classroom.decisions.overrides import Override
from grader.classroom.intake.model import RepairStatement
from grader.grading.grades import Decision, FunctionGrade, Grade, ScoreChange
from grader.report.wording import points, so_many_points
from grader.verdict import OPEN, Verdict

WHOLE, LATENESS, REPAIR = "the whole score", "lateness", "the repair"


class Adjustments(msgspec.Struct, frozen=True):
    """All that was decided about one student's grade."""

    overrides: tuple[Override, ...] = ()
    lateness: Lateness | None = None  #: None where the rubric, or this run, takes nothing for it
    repair: RepairStatement | None = None  #: of the copy that was graded


class Adjustment(msgspec.Struct, frozen=True):
    """One decision, and what it did."""

    what: str  #: a function's name, WHOLE, LATENESS or REPAIR
    before: Fraction | None
    after: Fraction | None  #: None where the score is open
    text: str  #: for the student: nobody is named
    who: str = ""
    when: str = ""


class Settled(msgspec.Struct, frozen=True):
    """The points that count."""

    score: Fraction | None
    functions: tuple[Fraction | None, ...]
    adjustments: tuple[Adjustment, ...] = ()


class _Function(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def score(self) -> Fraction | None: ...


class _Graded(Protocol):
    @property
    def score(self) -> Fraction | None: ...
    @property
    def max_score(self) -> Fraction: ...
    @property
    def functions(self) -> Sequence[_Function]: ...
    @property
    def taken(self) -> Fraction: ...


def apply_decisions(grade: _Graded, ruling: Adjustments) -> Settled:
    """The points after all decisions: about functions first, then a repair, lateness, and the whole score."""
    found = {each.name: each.score for each in grade.functions}
    own = [_apply_points(each, found[each.function]) for each in ruling.overrides if each.function in found]
    scores = tuple({**found, **{each.what: each.after for each in own}}.values())
    score = _sum(scores, grade.taken) if own else grade.score
    repair = [_apply_deduction(ruling.repair, score)] if ruling.repair else []
    score = repair[0].after if repair else score
    late = list(_apply_lateness(ruling.lateness, score, grade.max_score))
    score = late[0].after if late else score
    whole = [_apply_points(each, score) for each in ruling.overrides if not each.function]
    return Settled(whole[-1].after if whole else score, scores, (*own, *repair, *late, *whole))


def _apply_points(override: Override, before: Fraction | None) -> Adjustment:
    was = "" if before is None else f" in place of {points(before)}"
    text = f"A person gave {so_many_points(override.points)}{was}. {override.comment}".strip()
    return Adjustment(override.function or WHOLE, before, override.points, text, override.who, override.when)


def _apply_deduction(repair: RepairStatement, score: Fraction | None) -> Adjustment:
    after = None if score is None else max(score - repair.deduction, Fraction(0))
    text = " ".join(filter(None, (_statement(repair), _deduction_text(repair, score, after))))
    return Adjustment(REPAIR, score, after, text, repair.who, repair.when)


def _statement(repair: RepairStatement) -> str:
    taken = f"-{so_many_points(repair.deduction)}" if repair.deduction else "no points taken"
    ended = repair.comment if not repair.comment or repair.comment[-1] in ".!?…" else f"{repair.comment}."
    return f"A person repaired the code: {taken}. {ended}"


def _deduction_text(repair: RepairStatement, score: Fraction | None, after: Fraction | None) -> str:
    """The arithmetic, where points are taken and can be."""
    if score is None or after is None or not repair.deduction:
        return ""
    zero = ", never below 0" if repair.deduction > score else ""
    return f"{points(score)} - {points(repair.deduction)} = {points(after)}{zero}."


def _apply_lateness(lateness: Lateness | None, score: Fraction | None, most: Fraction) -> Iterator[Adjustment]:
    text = lateness.told(score, most) if lateness and score is not None else ""
    if lateness and score is not None and text:
        yield Adjustment(LATENESS, score, lateness.left(score, most), text)


def _sum(scores: Iterable[Fraction | None], taken: Fraction) -> Fraction | None:
    """All of them, less what slips cost; never below zero, whatever a person gave."""
    total = -taken
    for score in scores:
        if score is None:
            return None
        total += score
    return max(total, Fraction(0))


def apply_to_grade(grade: Grade, ruling: Adjustments) -> Grade:
    """The grade with the points that count, and every decision said: at the top, and with its function."""
    settled = apply_decisions(grade, ruling)
    if not settled.adjustments:
        return grade
    names = {each.function for each in ruling.overrides if each.function}
    by_function = {each.what: each for each in settled.adjustments if each.what in names}
    functions = tuple(_apply_to_function(each, by_function.get(each.name)) for each in grade.functions)
    is_given = ruling.overrides and settled.score is not None
    verdict = _verdict(grade.verdict, settled.score or Fraction(0), grade.max_score) if is_given else grade.verdict
    told = (*grade.decisions, *_describe_adjustments(settled.adjustments, ruling))
    return msgspec.structs.replace(
        grade,
        score=settled.score,
        verdict=verdict,
        functions=functions,
        changes=tuple(_changes(settled, names)),
        decisions=told,
    )


class Standing(msgspec.Struct, frozen=True):
    """What was published of a student, and stands until something else is."""

    number: int  #: of the release
    score: Fraction
    found: str  #: the score as graded when that was said last, exactly; "-" for none
    why: str = ""  #: what has changed since, in words


def apply_standing(grade: Grade, standing: Standing | None) -> Grade:
    """The grade under the score that was published: one that was computed since is a note, with its reason."""
    if standing is None or grade.score == standing.score:
        return grade
    change = ScoreChange(f"release {standing.number} stands", standing.score - (grade.score or 0))
    is_said = standing.found == exact_points(grade.score)
    told = () if is_said else (Decision("", describe_recomputed(standing, grade.score)),)
    return msgspec.structs.replace(
        grade,
        score=standing.score,
        verdict=_verdict(grade.verdict, standing.score, grade.max_score),
        changes=(*grade.changes, change),
        decisions=(*grade.decisions, *told),
    )


def describe_recomputed(standing: Standing, score: Fraction | None) -> str:
    """That another score was computed since, in a sentence."""
    gave = "no score" if score is None else so_many_points(score)
    why = f" ({standing.why} changed)" if standing.why else ""
    stands = f"The score of release {standing.number}, {so_many_points(standing.score)}, stands"
    return f"{stands}: graded again it is {gave}, which isn't published{why}."


def exact_points(score: Fraction | None) -> str:
    """A score as the store writes it."""
    return "-" if score is None else str(score)


def _changes(settled: Settled, functions: set[str]) -> Iterator[ScoreChange]:
    """What was done to the sum of the functions' points."""
    for each in settled.adjustments:
        if each.what not in functions and each.after is not None:
            yield ScoreChange(each.what, each.after - (each.before or 0))


def _apply_to_function(function: FunctionGrade, given: Adjustment | None) -> FunctionGrade:
    if given is None or given.after is None:
        return function
    verdict = _verdict(function.verdict, given.after, function.max_score)
    remarks = (*function.remarks, given.text)
    billed = sum((check.score or Fraction(0) for check in function.checks), function.from_mistake)
    return msgspec.structs.replace(
        function, score=given.after, verdict=verdict, remarks=remarks, given=given.after - billed
    )


def _verdict(before: Verdict, score: Fraction, most: Fraction) -> Verdict:
    """The verdict that goes with these points; the grader's own where it does."""
    if score >= most:
        return before if before is Verdict.CARRIED else Verdict.PASSED
    if score > 0:
        return Verdict.PARTLY
    is_kept = before not in (*OPEN, Verdict.PASSED, Verdict.CARRIED, Verdict.PARTLY)
    return before if is_kept else Verdict.FAILED


def _describe_adjustments(adjustments: Iterable[Adjustment], ruling: Adjustments) -> Iterator[Decision]:
    """What reports say of them."""
    for each in adjustments:
        note = ruling.repair.note if ruling.repair and each.what == REPAIR else ""
        yield Decision(each.when, f"{each.what}: {each.text}", note)
