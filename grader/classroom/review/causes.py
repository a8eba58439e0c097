"""What cost a class most of its points, in a few lines: an exception, a known mistake, that many students share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from fractions import Fraction

import msgspec

from grader.classroom.store.marks import FunctionMark, MarkedSubmission
from grader.report.exceptions import missing_import
from grader.report.sanitize import line
from grader.report.wording import so_many_points
from grader.verdict import Verdict

FEWEST = 3
_MOST = 3


class ClassCause(msgspec.Struct, frozen=True):
    """What cost several students points, and each of them at least how many."""

    what: str
    students: int
    least: Fraction
    lost: Fraction  #: by all of them


def find_class_causes(everyone: Iterable[MarkedSubmission]) -> list[ClassCause]:
    """The causes that several students share, the largest first."""
    lost: dict[str, list[Fraction]] = defaultdict(list)
    for each in everyone:
        mine: dict[str, Fraction] = defaultdict(Fraction)
        for function in each.marks.functions:
            for what in _causes(function):
                mine[what] += function.max_score - (function.score or 0)
        for what, points in mine.items():
            lost[what] += [points] * len(each.students)
    found = (ClassCause(what, len(each), min(each), sum(each, Fraction(0))) for what, each in lost.items() if min(each))
    return sorted((each for each in found if each.students >= FEWEST), key=lambda each: (-each.lost, each.what))


def _causes(function: FunctionMark) -> Iterator[str]:
    """Why a function lost points, as far as one thing says it."""
    if function.is_full or function.optional:
        return
    raised = next((check.details.raised for check in function.checks if check.details and check.details.raised), None)
    if function.verdict is Verdict.MISSING:
        yield f"{function.name} is missing or empty"
    elif function.is_explained:
        yield f"{function.mistakes[0].name} ({function.name})"
    elif raised is not None:
        line_there = missing_import(raised)
        yield f"one missing import, {line_there}" if line_there else raised


def describe_causes(found: Iterable[ClassCause]) -> Iterator[str]:
    """The largest ones, a line each."""
    for each in list(found)[:_MOST]:
        yield line(f"{each.students:,} students lost {so_many_points(each.least)} or more each: {each.what}")
