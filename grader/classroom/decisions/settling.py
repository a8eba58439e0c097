"""Apply what people decided to a grade: pure functions from what the grader found to what is told and published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Protocol

import msgspec

from grader.classroom.decisions.overrides import Override
from grader.grades import Decision, FunctionGrade, Grade
from grader.report.words import points
from grader.verdict import OPEN, Verdict


class Ruling(msgspec.Struct, frozen=True):
    """All that was decided about one student's grade."""

    overrides: tuple[Override, ...] = ()


class Adjustment(msgspec.Struct, frozen=True):
    """One decision, and what it did."""

    what: str  #: a function's name; empty: the whole score
    before: Fraction | None
    after: Fraction
    comment: str  #: in words for the student
    who: str = ""
    when: str = ""

    @property
    def text(self) -> str:
        """What happened, for the student: nobody is named."""
        was = "" if self.before is None else f" in place of {points(self.before)}"
        return f"A person gave {points(self.after)} points{was}. {self.comment}".strip()


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
    def functions(self) -> Sequence[_Function]: ...


def settle(grade: _Graded, ruling: Ruling) -> Settled:
    """The points after all decisions: those about functions first, then the one about the whole score."""
    found = {each.name: each.score for each in grade.functions}
    own = [_given(each, found[each.function]) for each in ruling.overrides if each.function in found]
    scores = tuple({**found, **{each.what: each.after for each in own}}.values())
    score = _sum(scores) if own else grade.score
    whole = [_given(each, score) for each in ruling.overrides if not each.function]
    return Settled(whole[-1].after if whole else score, scores, (*own, *whole))


def _given(override: Override, before: Fraction | None) -> Adjustment:
    return Adjustment(override.function, before, override.points, override.comment, override.who, override.when)


def _sum(scores: Iterable[Fraction | None]) -> Fraction | None:
    total = Fraction(0)
    for score in scores:
        if score is None:
            return None
        total += score
    return total


def settled_grade(grade: Grade, ruling: Ruling) -> Grade:
    """The grade with the points that count, and every decision said: at the top, and with its function."""
    settled = settle(grade, ruling)
    if not settled.adjustments:
        return grade
    by_function = {each.what: each for each in settled.adjustments if each.what}
    functions = tuple(_settled_function(each, by_function.get(each.name)) for each in grade.functions)
    verdict = grade.verdict if settled.score is None else _verdict(grade.verdict, settled.score, grade.max_score)
    told = (*grade.decisions, *told_of(settled.adjustments))
    return msgspec.structs.replace(grade, score=settled.score, verdict=verdict, functions=functions, decisions=told)


def _settled_function(function: FunctionGrade, given: Adjustment | None) -> FunctionGrade:
    if given is None:
        return function
    verdict = _verdict(function.verdict, given.after, function.max_score)
    remarks = (*function.remarks, given.text)
    return msgspec.structs.replace(function, score=given.after, verdict=verdict, remarks=remarks)


def _verdict(before: Verdict, score: Fraction, most: Fraction) -> Verdict:
    """The verdict that goes with these points; the grader's own where it does."""
    if score >= most:
        return before if before is Verdict.CARRIED else Verdict.PASSED
    if score > 0:
        return Verdict.PARTLY
    is_kept = before not in (*OPEN, Verdict.PASSED, Verdict.CARRIED, Verdict.PARTLY)
    return before if is_kept else Verdict.FAILED


def told_of(adjustments: Iterable[Adjustment]) -> Iterator[Decision]:
    """What reports say of them."""
    for each in adjustments:
        yield Decision(each.when, f"{each.what or 'The whole score'}: {each.text}")
