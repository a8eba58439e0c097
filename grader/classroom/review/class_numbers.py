"""What a class's page shows in figures: how scores spread, how each check did, which mistakes there are."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

from grader.classroom.store.marks import CheckMark, FunctionMark, MarkedSubmission
from grader.verdict import OPEN

_BINS = 20
#: Fewer students say nothing about a check.
_FEWEST = 5


class Bin(NamedTuple):
    """How many scores lie in a range; the last one holds its upper end, too."""

    low: float
    high: float
    students: int


class CheckFigure(NamedTuple):
    """How a class did in a check."""

    function: str
    title: str
    points: Fraction
    asked: int  #: students whose score of it is known
    right: int
    discrimination: float | None  #: correlation with the points for all else; None where it says nothing

    @property
    def share(self) -> float:
        """Of the students, how many have it right: 0 to 1."""
        return self.right / self.asked if self.asked else 0.0


class FunctionFigure(NamedTuple):
    """How a class did in a function."""

    name: str
    asked: int
    full: int
    mean: float  #: points
    most: Fraction
    checks: tuple[CheckFigure, ...]

    @property
    def share(self) -> float:
        """Of the students, how many have full points: 0 to 1."""
        return self.full / self.asked if self.asked else 0.0


class Misconception(NamedTuple):
    """A known mistake, and who made it."""

    function: str
    name: str
    students: tuple[str, ...]  #: ids
    content: str  #: of one member, to be looked at


class Together(NamedTuple):
    """Two known mistakes that the same students made."""

    one: str
    other: str
    students: int


def spread(scores: Sequence[Fraction], most: Fraction) -> tuple[Bin, ...]:
    """How many scores lie where, from 0 to `most` points in equal steps."""
    top = max([most, *scores, Fraction(1)])
    counts = Counter(min(int(score * _BINS / top), _BINS - 1) for score in scores)
    edges = [float(top * at / _BINS) for at in range(_BINS + 1)]
    return tuple(Bin(edges[at], edges[at + 1], counts[at]) for at in range(_BINS))


def measure_functions(everyone: Sequence[MarkedSubmission]) -> tuple[FunctionFigure, ...]:
    """How the class did in each function and check, in the rubric's order. Whoever hands in the same counts again."""
    names = [function.name for function in everyone[0].marks.functions] if everyone else []
    totals = [_total(each) for each in everyone]
    return tuple(_measure_function(place, everyone, totals) for place in range(len(names)))


def _total(each: MarkedSubmission) -> float:
    return float(sum((function.score or Fraction(0) for function in each.marks.functions), Fraction(0)))


def _measure_function(place: int, everyone: Sequence[MarkedSubmission], totals: Sequence[float]) -> FunctionFigure:
    marks = [(each.marks.functions[place], len(each.students), total) for each, total in zip(everyone, totals)]  # noqa: B905
    known = [mark for mark in marks if mark[0].verdict not in OPEN]
    asked = sum(count for _, count, _ in known)
    first = marks[0][0]
    given = sum(float(mark.score or 0) * count for mark, count, _ in known)
    titles = dict.fromkeys(check.title for mark, _, _ in known for check in mark.checks if check.max_score > 0)
    return FunctionFigure(
        name=first.name,
        asked=asked,
        full=sum(count for mark, count, _ in known if mark.is_full),
        mean=given / asked if asked else 0.0,
        most=first.max_score,
        checks=tuple(_measure_check(first.name, title, known) for title in titles),
    )


def _measure_check(function: str, title: str, marks: Sequence[tuple[FunctionMark, int, float]]) -> CheckFigure:
    found = [
        (check, count, total)
        for mark, count, total in marks
        for check in mark.checks
        if check.title == title and check.score is not None
    ]
    return CheckFigure(
        function=function,
        title=title,
        points=found[0][0].max_score if found else Fraction(0),
        asked=sum(count for _, count, _ in found),
        right=sum(count for check, count, _ in found if check.score == check.max_score),
        discrimination=_correlate([_pair(*each) for each in found]),
    )


def _pair(check: CheckMark, count: int, total: float) -> tuple[float, float, int]:
    got = float(check.score or 0)
    return got, total - got, count


def _correlate(pairs: Sequence[tuple[float, float, int]]) -> float | None:
    """The correlation of a check's points with those for all else: near 0, or below, it tells nobody apart."""
    count = sum(weight for *_, weight in pairs)
    if count < _FEWEST:
        return None
    mean_x = sum(x * weight for x, _, weight in pairs) / count
    mean_y = sum(y * weight for _, y, weight in pairs) / count
    cross = sum((x - mean_x) * (y - mean_y) * weight for x, y, weight in pairs)
    square_x = sum((x - mean_x) ** 2 * weight for x, _, weight in pairs)
    square_y = sum((y - mean_y) ** 2 * weight for _, y, weight in pairs)
    return cross / math.sqrt(square_x * square_y) if min(square_x, square_y) > 1e-9 else None


def find_misconceptions(everyone: Iterable[MarkedSubmission]) -> list[Misconception]:
    """The known mistakes of a class, the commonest first."""
    found: dict[tuple[str, str], list[MarkedSubmission]] = {}
    for each in everyone:
        for key in _mistakes(each):
            found.setdefault(key, []).append(each)
    members = [
        Misconception(function, name, tuple(s for each in made for s in each.students), made[0].content)
        for (function, name), made in found.items()
    ]
    return sorted(members, key=lambda each: -len(each.students))


def find_pairs(everyone: Iterable[MarkedSubmission], most: int = 10) -> list[Together]:
    """The known mistakes that several students made together, the commonest pairs first."""
    counts: Counter[tuple[str, str]] = Counter()
    for each in everyone:
        made = sorted(f"{name} ({function})" for function, name in _mistakes(each))
        for pair in combinations(made, 2):
            counts[pair] += len(each.students)
    return [Together(*pair, count) for pair, count in counts.most_common(most) if count > 1]


def _mistakes(each: MarkedSubmission) -> Iterator[tuple[str, str]]:
    """The first that is said of each function."""
    for function in each.marks.functions:
        if function.mistakes and not function.is_full:
            yield function.name, function.mistakes[0].name
