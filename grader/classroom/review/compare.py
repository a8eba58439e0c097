"""Who would gain and who would lose under another rubric or reference, and which check does it. Changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import msgspec

from grader.classroom.review.regrading import open_plan, regrade
from grader.classroom.review.results import open_results
from grader.classroom.store.encoding import decode_grade
from grader.classroom.store.store import Store, SubmissionRow
from grader.classroom.workers.progress import Watch
from grader.grading.grades import FunctionGrade, Grade
from grader.report.sanitize import line
from grader.report.wording import points, points_out_of
from grader.verdict import OPEN

_MOST_NAMED = 8


class Moved(msgspec.Struct, frozen=True):
    """A line of the bill that would have other points."""

    what: str  #: "softmax: a batch of rows"
    before: Fraction | None  #: None where it isn't there
    after: Fraction | None


class Difference(msgspec.Struct, frozen=True):
    """A student whose grade would be another one."""

    student: str
    before: Fraction | None
    after: Fraction | None
    moved: tuple[Moved, ...]

    @property
    def gain(self) -> Fraction:
        """Points; negative for a loss. No score counts as zero here."""
        return (self.after or Fraction(0)) - (self.before or Fraction(0))


class Comparison(msgspec.Struct, frozen=True):
    """A class under two rubrics."""

    compared: int  #: students
    most_before: Fraction  #: points
    most_after: Fraction
    differences: tuple[Difference, ...]  #: the largest loss first
    not_graded: tuple[str, ...]  #: students who can't be compared


def compare_plans(out: Path, rubric: str, watch: Watch) -> Comparison:
    """Grade a class by another rubric, with its own draw, from its stored bytes.

    Raises:
        UsageError: there are no results, no such rubric, or no stored bytes.
        AssignmentError: the rubric or its reference is broken.
    """
    with open_results(out) as results:
        assignment, kit = open_plan(results, rubric)
        rows = {row.content: row for row in results.store.rows(results.plan) if row.content and row.sha256}
        blobs = {content: results.store.blob(results.plan, content) for content in rows}
        everyone = [row for row in results.store.rows(results.plan) if row.content in rows]
        after = {each.content: each.blob for each in regrade(results, kit, rows, watch)}
        most = results.rubric.points
    pairs = {
        content: (decode_grade(blob), decode_grade(new))
        for content, blob in blobs.items()
        if blob and (new := after.get(content))
    }
    found = [each for row in everyone for each in _differences(row, pairs)]
    left = [student.id for row in everyone if not _is_comparable(row, pairs) for student in row.handed.students]
    compared = sum(len(row.handed.students) for row in everyone) - len(left)
    ranked = sorted(found, key=lambda each: (each.gain, each.student))
    return Comparison(compared, most, assignment.rubric.points, tuple(ranked), tuple(left))


def compare_stored(store: Store, before: str, after: str, most: Fraction) -> Comparison:
    """Who has another grade by one plan than by another, where the store holds the results of both."""
    rows = [row for row in store.rows(before) if row.content and row.sha256]
    blobs = {row.content: (store.blob(before, row.content), store.blob(after, row.content)) for row in rows}
    pairs = {content: (decode_grade(a), decode_grade(b)) for content, (a, b) in blobs.items() if content and a and b}
    found = [each for row in rows for each in _differences(row, pairs)]
    left = [student.id for row in rows if not _is_comparable(row, pairs) for student in row.handed.students]
    compared = sum(len(row.handed.students) for row in rows) - len(left)
    return Comparison(
        compared, most, most, tuple(sorted(found, key=lambda each: (each.gain, each.student))), tuple(left)
    )


def _is_comparable(row: SubmissionRow, pairs: dict[str, tuple[Grade, Grade]]) -> bool:
    pair = pairs.get(row.content or "")
    return pair is not None and not any(grade.verdict in OPEN for grade in pair)


def _differences(row: SubmissionRow, pairs: dict[str, tuple[Grade, Grade]]) -> Iterator[Difference]:
    if not _is_comparable(row, pairs):
        return
    before, after = pairs[row.content or ""]
    moved = tuple(_lines_that_differ(before, after))
    if moved or before.score != after.score:
        yield from (Difference(student.id, before.score, after.score, moved) for student in row.handed.students)


def _lines_that_differ(before: Grade, after: Grade) -> Iterator[Moved]:
    """Every line of the two bills that differs."""
    old, new = (dict(_lines(grade)) for grade in (before, after))
    for what in {**old, **new}:
        if old.get(what) != new.get(what):
            yield Moved(what, old.get(what), new.get(what))


def _lines(grade: Grade) -> Iterator[tuple[str, Fraction | None]]:
    for function in grade.functions:
        yield from ((f"{function.name}: {title}", score) for title, score in _bill(function))


def _bill(function: FunctionGrade) -> Iterator[tuple[str, Fraction | None]]:
    yield from ((check.title, check.score) for check in function.checks if check.max_score)
    if function.from_mistake:
        yield "credit of a known mistake", function.from_mistake


# -- in words ------------------------------------------------------------------------------------------------------


def describe_comparison(found: Comparison) -> Iterator[str]:
    """The comparison in lines for people: who loses first."""
    lost = [each for each in found.differences if each.gain < 0]
    gained = [each for each in found.differences if each.gain > 0]
    yield f"{found.compared} compared: {len(lost)} would lose, {len(gained)} would gain; nothing was changed"
    if found.most_before != found.most_after:
        yield f"the most that can be had: {points(found.most_before)}, then {points(found.most_after)}"
    if found.not_graded:
        yield f"not compared, since they have no grade: {', '.join(map(line, found.not_graded))}"
    yield from _by_check(found)
    for title, group in (("would lose", lost), ("would gain", list(reversed(gained)))):
        if group:
            yield f"{title}:"
            yield from (text for each in group for text in _one(each, found))


def _by_check(found: Comparison) -> Iterator[str]:
    """Which check does it, for how many."""
    gains: Counter[str] = Counter()
    losses: Counter[str] = Counter()
    for each in found.differences:
        for moved in each.moved:
            more = (moved.after or 0) > (moved.before or 0)
            (gains if more else losses)[moved.what] += 1
    for what in dict.fromkeys([*losses, *gains]):
        yield f"  {line(what)}: {losses[what]} lose, {gains[what]} gain"


def _one(each: Difference, found: Comparison) -> Iterator[str]:
    before, after = points_out_of(each.before, found.most_before), points_out_of(each.after, found.most_after)
    yield f"  {line(each.student)}: {before}, then {after}"
    for moved in each.moved[:_MOST_NAMED]:
        yield f"      {line(moved.what)}: {_points(moved.before)}, then {_points(moved.after)}"


def _points(score: Fraction | None) -> str:
    return "not there" if score is None else points(score)
