"""Fill our column into a gradebook that an LMS exported, and leave every other byte as it came.

Nobody gets a zero by accident: who isn't graded, is excused, or handed in nothing keeps the cell that is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

import msgspec

from grader.classroom.intake.model import Student
from grader.classroom.outputs.gradebook import ABSENT, GradebookRow
from grader.classroom.publish.gradebook_files import Export, MemberRow, number
from grader.classroom.store.roster import Member, Roster
from grader.errors import UsageError
from grader.report.wording import points

#: What an LMS writes for somebody who shall have no score.
_EXCUSED = frozenset({"ex", "excused", "n/a"})
#: How the comments that we write begin, without which a comment is a person's.
OURS = "<p>Autograder: "


class Filled(msgspec.Struct, frozen=True):
    """A gradebook with our scores in it, and whom they don't reach."""

    data: bytes
    scores: int  #: cells that hold a score of ours now
    replaced: int  #: of these, how many held another score before
    zeros: int  #: for want of a submission
    unknown: tuple[Student, ...]  #: graded, but in no row
    missing: tuple[MemberRow, ...]  #: in a row, but without a submission
    spared: tuple[MemberRow, ...]  #: handed in nothing that we know of, and yet no zero: they may be one of `unknown`
    excused: tuple[MemberRow, ...]  #: their cells stay
    commented: tuple[MemberRow, ...]  #: have a person's comment already, which stays


def fill(
    export: Export,
    entries: Sequence[GradebookRow],
    most: Fraction,
    *,
    zeros: bool = False,
    comments: Mapping[str, str] | None = None,
    roster: Roster | None = None,
) -> Filled:
    """Fill scores into a gradebook.

    Args:
        export: the gradebook.
        entries: who has which score.
        most: the points that the rubric gives in all.
        zeros: write a zero for who handed in nothing.
        comments: for Moodle's column of feedback, by student's id.
        roster: knows further ids of students.

    Raises:
        UsageError: it is another class's gradebook, or one that can't be filled without doubt.
    """
    _refuse_other_points(export, most)
    _refuse_damaged_rows(export)
    found = _match_rows(export, entries, roster)
    there = {entry.student.id for entry in found.values()}
    unknown = [entry for entry in entries if entry.student.id not in there and entry.status != ABSENT]
    _refuse_other_class(export, found)
    excused = tuple(each for each in export.listed if _text(export, each, export.column).casefold() in _EXCUSED)
    scored = {at: entry.score for at, entry in found.items() if entry.score is not None}
    missing = [each for each in export.listed if each.at not in found or found[each.at].status == ABSENT]
    certain = {each.at for each in missing if each.at in found or not unknown}
    zero = {at: Fraction(0) for at in certain if zeros}
    cells = dict(_cells(export, {**scored, **zero}, most, {each.at for each in excused}))
    notes, commented = _notes(export, found, comments or {})
    changed = {(at, export.column): text for at, text in cells.items() if text is not None}
    return Filled(
        data=export.table.to_bytes({**changed, **notes}),
        scores=sum(at in scored for at in cells),
        replaced=sum(at in scored and _has_number(export, at) for at, _ in changed),
        zeros=sum(at in zero for at in cells),
        unknown=tuple(entry.student for entry in unknown),
        missing=tuple(missing),
        spared=tuple(each for each in missing if zeros and each.at not in certain),
        excused=excused,
        commented=commented,
    )


def _refuse_other_points(export: Export, most: Fraction) -> None:
    if export.most and export.most != most:
        raise UsageError(
            f"{export.table.file}: {export.title!r} is out of {points(export.most)} there, and the rubric gives "
            f"{points(most)}: give it {points(most)} points in the LMS, then export the gradebook again"
        )


def _refuse_other_class(export: Export, found: Mapping[int, GradebookRow]) -> None:
    if not found:
        raise UsageError(
            f"{export.table.file}: none of its {len(export.listed)} students was graded here; is it the gradebook of "
            "this class, and has it a column with the ids that are in grades.csv?"
        )


def _refuse_damaged_rows(export: Export) -> None:
    """A quotation mark that is missing makes one row of two, and a score would hit the wrong one."""
    columns = len(export.table.header)
    for each in export.listed:
        cells = len(export.table.rows[each.at].cells)
        if cells != columns:
            raise UsageError(
                f"{export.place(each.at)}: has {cells} cells, and the header {columns}; export the gradebook again"
            )


def _match_rows(export: Export, entries: Iterable[GradebookRow], roster: Roster | None) -> dict[int, GradebookRow]:
    """Whose row is which."""
    rows = _rows_by_member(export)
    known = Roster(rows)
    found: dict[int, GradebookRow] = {}
    for entry in entries:
        member = _member(entry.student, known, roster)
        if member is None:
            continue
        other = found.setdefault(rows[member].at, entry)
        if other is not entry:
            raise UsageError(
                f"{export.place(rows[member].at)}: two students have this row, {other.student.id!r} and "
                f"{entry.student.id!r}; which of them is it?"
            )
    return found


def _rows_by_member(export: Export) -> dict[Member, MemberRow]:
    first: dict[str, MemberRow] = {}
    for each in export.listed:
        other = first.setdefault(each.member.ids[0], each)
        if other is not each:
            raise UsageError(
                f"{export.place(each.at)}: the student {each.member.ids[0]!r} has another row in line "
                f"{export.table.rows[other.at].line}; take one of them out"
            )
    return {each.member: each for each in export.listed}


def _member(student: Student, known: Roster, roster: Roster | None) -> Member | None:
    """Somebody's row: under the id that they handed in with, else under another that the roster has for them."""
    listed = roster.find(student) if roster else None
    students = (student, *map(Student, listed.ids if listed else ()))
    return next((member for each in students if (member := known.find(each)) is not None), None)


def _cells(
    export: Export, scores: Mapping[int, Fraction], most: Fraction, excused: set[int]
) -> Iterator[tuple[int, str | None]]:
    """The text of each cell that shall hold a score; None where the cell says it already."""
    for at, score in scores.items():
        if at in excused:
            continue
        text = points(score, most)
        same = number(export.table.rows[at].cells[export.column]) == Fraction(text)
        yield at, None if same else text.replace(".", ",") if export.commas else text


def _has_number(export: Export, at: int) -> bool:
    return number(export.table.rows[at].cells[export.column]) is not None


def _notes(
    export: Export, found: Mapping[int, GradebookRow], comments: Mapping[str, str]
) -> tuple[dict[tuple[int, int], str], tuple[MemberRow, ...]]:
    """The comments for Moodle's column of feedback, and who has a person's there already."""
    column = export.comments
    if column is None:
        return {}, ()
    theirs = [each for each in export.listed if each.at in found and found[each.at].student.id in comments]
    free = {each.at for each in theirs if _is_free(_text(export, each, column))}
    texts = {(at, column): comments[found[at].student.id] for at in free}
    return texts, tuple(each for each in theirs if each.at not in free)


def _is_free(comment: str) -> bool:
    return comment == "" or comment.startswith(OURS)


def _text(export: Export, listed: MemberRow, column: int) -> str:
    return export.table.rows[listed.at].cells[column].strip()
