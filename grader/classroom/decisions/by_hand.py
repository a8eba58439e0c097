"""OUT/decisions/points/*.csv: the points that persons gave for a rubric's manual items, a file for each grader.

Columns: student, item, and points or level; `comment` is for the student. `grade todo` writes these files. A row
without points is still to do. Points hold for everybody who handed in together. Where two rows disagree, the item stays
open, and both rows are named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

import msgspec

from grader.classroom.intake.model import StudentSubmission
from grader.classroom.store.encoding import Brief, FunctionBrief
from grader.classroom.tables.people import TableRow, guard, read_table
from grader.errors import UsageError, did_you_mean
from grader.grading.manual import GivenPoints
from grader.report.wording import points as in_words
from grader.rubric.model import Manual
from grader.verdict import OPEN, Verdict, first_verdict

POINTS_FOLDER = Path("decisions") / "points"
POINT_COLUMNS = ("student", "item", "points")


class ByHand(msgspec.Struct, frozen=True):
    """A rubric's manual items, and what persons gave for them so far."""

    items: tuple[Manual, ...] = ()
    given: Mapping[str, Mapping[str, GivenPoints]] = {}  #: by the first student of a submission, then by item
    conflicts: tuple[str, ...] = ()  #: rows that disagree, a sentence each

    def of(self, handed: StudentSubmission) -> Mapping[str, GivenPoints]:
        """What was given to a submission, by item."""
        return self.given.get(handed.id, {})

    def with_items(self, grade: Brief, handed: StudentSubmission) -> Brief:
        """The grade with the manual items; no score before all of their points are given."""
        if not self.items:
            return grade
        given = self.of(handed)
        scores = [given[item.name].points if item.name in given else None for item in self.items]
        briefs = (FunctionBrief(item.name, item.points, score) for item, score in zip(self.items, scores, strict=True))
        return msgspec.structs.replace(
            grade,
            score=None if grade.score is None or None in scores else sum(filter(None, scores), grade.score),
            max_score=grade.max_score + sum(item.points for item in self.items),
            verdict=first_verdict(OPEN, [grade.verdict, *([Verdict.AWAITING] if None in scores else [])])
            or grade.verdict,
            functions=(*grade.functions, *briefs),
        )


class _Row(msgspec.Struct, frozen=True):
    """A row that can be read."""

    row: TableRow
    submission: str
    item: str
    given: GivenPoints


def read_given(out: Path, items: Sequence[Manual], handed: Iterable[StudentSubmission]) -> ByHand:
    """What stands in the graders' files.

    Raises:
        UsageError: a file can't be read, or rows of it make no sense; all of these are listed.
    """
    if not items:
        return ByHand()
    reader = _PointsReader(items, handed)
    read = [
        reader.read(row)
        for file in sorted((out / POINTS_FOLDER).glob("*.csv"))
        for row in read_table(file, POINT_COLUMNS)
    ]
    if reader.flaws:
        raise UsageError("\n".join(["points that can't be taken:", *(f"  {flaw}" for flaw in reader.flaws)]))
    given: dict[str, dict[str, _Row]] = {}
    conflicts = []
    for each in filter(None, read):
        first = given.setdefault(each.submission, {}).setdefault(each.item, each)
        if first.given.points != each.given.points:
            conflicts.append((each.submission, each.item, _disagree(first, each)))
    for submission, item, _ in conflicts:
        given[submission].pop(item, None)
    plain = {who: {item: each.given for item, each in mine.items()} for who, mine in given.items()}
    return ByHand(tuple(items), plain, tuple(text for *_, text in conflicts))


def _disagree(first: _Row, second: _Row) -> str:
    gave = f"{in_words(second.given.points)} for {second.item!r} of {second.submission}"
    return second.row.flaw(f"{gave}, but {first.row.file}:{first.row.line} gave {in_words(first.given.points)}")


class _PointsReader:
    """Rows to points; what is wrong with them is kept."""

    def __init__(self, items: Sequence[Manual], handed: Iterable[StudentSubmission]) -> None:
        self.flaws: list[str] = []
        self._items = {item.name: item for item in items}
        self._submissions = {student.id: each.id for each in handed for student in each.students}
        self._submissions |= {guard(student): each for student, each in self._submissions.items()}

    def read(self, row: TableRow) -> _Row | None:
        """The row's points; None where it has none yet, or a flaw."""
        flaws = list(self._find_misplaced(row))
        points = None if flaws else self._points(row, self._items[row.cells["item"]], flaws)
        self.flaws += flaws
        if flaws or points is None:
            return None
        submission = self._submissions[row.cells["student"]]
        return _Row(row, submission, row.cells["item"], GivenPoints(points, row.cells.get("comment", "")))

    def _find_misplaced(self, row: TableRow) -> Iterator[str]:
        student, item = row.cells.get("student", ""), row.cells.get("item", "")
        if student not in self._submissions:
            yield row.flaw(f"nobody in this class has the id {student!r}{did_you_mean(student, self._submissions)}")
        if item not in self._items:
            known = ", ".join(self._items)
            yield row.flaw(f"no item is called {item!r}{did_you_mean(item, self._items)}; there are: {known}")

    def _points(self, row: TableRow, item: Manual, flaws: list[str]) -> Fraction | None:
        text, level = row.cells.get("points", ""), row.cells.get("level", "")
        if level and level not in item.levels:
            levels = ", ".join(item.levels) or "none"
            flaws.append(
                row.flaw(f"{item.name!r} has no level {level!r}{did_you_mean(level, item.levels)}; it has: {levels}")
            )
            return None
        worth = item.levels.get(level)
        if not text:
            return worth
        points = _number(text)
        if points is None or not 0 <= points <= item.points:
            flaws.append(row.flaw(f"points are a number from 0 to {in_words(item.points)}, found {text!r}"))
        elif worth is not None and points != worth:
            flaws.append(row.flaw(f"level {level!r} is {in_words(worth)} points, and {text} stand beside it"))
        return points


def _number(text: str) -> Fraction | None:
    """A number as people write it in a spreadsheet: 7.5 or 7,5."""
    try:
        return Fraction(text.replace(",", "."))
    except (ValueError, ZeroDivisionError):
        return None
