"""OUT/grades.csv: one row for each student, one column for each function.

For people and spreadsheets: a cell that a spreadsheet would take for a formula begins with an apostrophe. Points have
at most two decimals. Who isn't graded, or handed in nothing, has no points: an empty cell, never a zero.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from fractions import Fraction

import msgspec

from grader.classroom.blob import Brief, brief_of
from grader.classroom.given import ByHand
from grader.classroom.handed import Student
from grader.classroom.roster import Member, Roster
from grader.classroom.store import Row, Store
from grader.classroom.tables import guarded
from grader.report.clean import line
from grader.report.words import points
from grader.rubric import Rubric
from grader.verdict import Verdict

_MOST_PROBLEMS = 3
_LONGEST = 200
_BEFORE = ("id", "name", "email", "status", "score", "max_score")
_AFTER = ("late", "remarks")

GRADED, EMPTY, AWAITING = "graded", "nothing to grade", "awaiting"
NOT_GRADED, ABSENT = "not graded", "nothing handed in"
_STATUS = {Verdict.AWAITING: AWAITING, Verdict.NOT_GRADED: NOT_GRADED}


class Entry(msgspec.Struct, frozen=True):
    """One student's row."""

    student: Student
    status: str
    late: bool = False
    remarks: tuple[str, ...] = ()
    score: Fraction | None = None
    functions: tuple[Fraction | None, ...] = ()


def entries(store: Store, plan: str, roster: Roster | None, by_hand: ByHand) -> list[Entry]:
    """A row for each student of each submission, and for each of the roster who handed in nothing; by id."""
    twins = store.twins()
    found: list[Entry] = []
    there: set[Member] = set()
    for row in store.rows(plan):
        entry = _entry(row, store.blob(plan, row.content), twins.get(row.content or "", ()), by_hand)
        for student in row.handed.students:
            member = roster.find(student) if roster else None
            there |= {member} if member else set()
            found.append(_known_as(entry, student, member, has_roster=roster is not None))
    absent = (member for member in (roster.members if roster else ()) if member not in there)
    found += [Entry(member.student, ABSENT) for member in absent]
    return sorted(found, key=lambda each: each.student.id)


def _entry(row: Row, blob: bytes | None, same: tuple[str, ...], by_hand: ByHand) -> Entry:
    remarks = (*row.handed.remarks, *_twin_remark(row, same), *filter(None, (row.fault,)))
    if blob is None:
        why = () if row.fault else ("its files changed while the class was graded",)
        return Entry(row.handed.students[0], NOT_GRADED, row.handed.late, (*remarks, *why))
    grade = brief_of(blob)
    entry = Entry(
        student=row.handed.students[0],
        status=_STATUS.get(grade.verdict, GRADED if row.files else EMPTY),
        late=row.handed.late,
        remarks=(*remarks, *_problems(grade)),
        score=grade.score,
        functions=tuple(function.score for function in grade.functions),
    )
    return _with_persons_points(entry, row, by_hand) if by_hand.items else entry


def _with_persons_points(entry: Entry, row: Row, by_hand: ByHand) -> Entry:
    """With a column for each manual item; no score before all of them are given."""
    given = by_hand.of(row.handed)
    items = tuple(given[item.name].points if item.name in given else None for item in by_hand.items)
    waits = None in items and entry.status != NOT_GRADED
    known = [points for points in items if points is not None]
    is_open = entry.score is None or len(known) < len(items)
    return msgspec.structs.replace(
        entry,
        status=AWAITING if waits else entry.status,
        score=None if is_open else sum(known, entry.score or Fraction(0)),
        functions=(*entry.functions, *items),
    )


def _known_as(entry: Entry, student: Student, member: Member | None, has_roster: bool) -> Entry:
    """The entry for one student, with what the roster knows of them."""
    listed = member.student if member else student
    known = Student(student.id, listed.name or student.name, listed.email or student.email)
    remarks = entry.remarks if member or not has_roster else (*entry.remarks, "not on the roster")
    return msgspec.structs.replace(entry, student=known, remarks=remarks)


def _twin_remark(row: Row, same: tuple[str, ...]) -> Iterator[str]:
    if len(same) > 1 and row.files:
        other = same[0] if same[0] != row.handed.id else same[1]
        more = f" and {len(same) - 2} more" if len(same) > 2 else ""
        yield f"the same files as {other}{more}"


def _problems(grade: Brief) -> Iterator[str]:
    for problem in grade.problems[:_MOST_PROBLEMS]:
        yield f"{problem.where}: {problem.message}"
    if len(grade.problems) > _MOST_PROBLEMS:
        yield f"{len(grade.problems) - _MOST_PROBLEMS} more problems, see the report"


def as_csv(found: Iterable[Entry], rubric: Rubric) -> str:
    """The rows as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    fixed = {*_BEFORE, *_AFTER}
    names = [f"{each.name}()" if each.name in fixed else each.name for each in rubric.items]
    writer.writerow([*_BEFORE, *names, *_AFTER])
    for entry in found:
        writer.writerow(_cells(entry, rubric))
    return text.getvalue()


def _cells(entry: Entry, rubric: Rubric) -> list[str]:
    student = entry.student
    scores = entry.functions or (None,) * len(rubric.items)
    return [
        *map(guarded, (student.id, student.name, student.email)),
        entry.status,
        _points(entry.score, rubric.most),
        points(rubric.most),
        *(_points(score, item.points) for score, item in zip(scores, rubric.items, strict=True)),
        "late" if entry.late else "",
        guarded("; ".join(line(remark, _LONGEST) for remark in entry.remarks)),
    ]


def _points(score: Fraction | None, most: Fraction) -> str:
    return "" if score is None else points(score, most)
