"""Published scores into the gradebook that an LMS exported, and what to know before it is uploaded."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from grader.classroom.outputs.gradebook import GradebookRow
from grader.classroom.outputs.releases import list_published
from grader.classroom.publish.comments import comments
from grader.classroom.publish.filling import Filled, fill
from grader.classroom.publish.gradebook_files import Export, MemberRow, read_export
from grader.classroom.review.results import Results, open_results
from grader.classroom.store.roster import load_roster
from grader.classroom.tables.gradebook import UploadEffect
from grader.errors import UsageError
from grader.files import write_bytes
from grader.report.sanitize import line

_MOST_NAMED = 10


class GradebookOrder(msgspec.Struct, frozen=True):
    """Which gradebook shall be filled, and how."""

    export: Path
    filled: Path
    zeros: bool = False
    column: str | None = None


def check_gradebook(order: GradebookOrder, out: Path) -> None:
    """Raises UsageError where the gradebook can't be filled: before anything is published."""
    if order.filled.resolve() == order.export.resolve():
        raise UsageError(f"{order.filled}: this is the export itself; give another name with -o, and keep the export")
    if not order.filled.resolve().parent.is_dir() or not os.access(order.filled.resolve().parent, os.W_OK):
        raise UsageError(f"{order.filled}: you can't write in {order.filled.parent}; make that folder first")
    with open_results(out) as results:
        export = read_export(order.export, results.rubric.title, order.column)
        roster = load_roster(results.store)
        fill(export, results.entries(), results.rubric.most, zeros=order.zeros, roster=roster)


def fill_gradebook(order: GradebookOrder, out: Path) -> list[str]:
    """Fill what is published into a gradebook; gives what to say about it.

    Raises:
        UsageError: it can't be filled without doubt, or not be written.
    """
    with open_results(out) as results:
        export = read_export(order.export, results.rubric.title, order.column)
        entries = _entries(results)
        filled = _fill(results, export, entries, order.zeros)
    write_bytes(order.filled, filled.data)
    return [*describe_filling(export, filled, order.filled), *warnings(export, entries)]


def _entries(results: Results) -> list[GradebookRow]:
    """What was published; and whose work can't be read, who handed in something, but has no score."""
    published = list_published(results.store)
    there = {each.student.id for each in published}
    return [*published, *(each for each in results.entries() if each.is_unreadable and each.student.id not in there)]


def _fill(results: Results, export: Export, entries: Sequence[GradebookRow], zeros: bool) -> Filled:
    texts = comments(results, entries) if export.comments is not None else {}
    roster = load_roster(results.store)
    return fill(export, entries, results.rubric.most, zeros=zeros, comments=texts, roster=roster)


def describe_filling(export: Export, filled: Filled, path: Path) -> Iterator[str]:
    """What was filled in, and whom it doesn't reach."""
    yield f"{path}: {filled.scores} scores in the column {line(export.title)!r}, every other cell as it was"
    if filled.replaced:
        yield f"{filled.replaced} of them replace another score"
    if filled.unknown:
        yield f"{len(filled.unknown)} graded here, but in no row of the gradebook:"
        yield from _list_names([f"{each.id} {each.name}".strip() for each in filled.unknown])
    if filled.missing:
        zero = f"; {filled.zeros} get a zero" if filled.zeros else "; their cells stay as they were"
        yield f"{len(filled.missing)} in the gradebook handed in nothing{zero}:"
        yield from _list_names(_names(filled.missing))
    if filled.spared:
        yield f"{len(filled.spared)} of them get no zero: they may be one of those who are in no row"
    if filled.excused:
        yield f"{len(filled.excused)} are excused there, and stay so:"
        yield from _list_names(_names(filled.excused))
    if filled.commented:
        yield f"{len(filled.commented)} have a comment already, which stays:"
        yield from _list_names(_names(filled.commented))


def warnings(export: Export, entries: Sequence[GradebookRow]) -> Iterator[str]:
    """What the LMS does by itself once this is uploaded."""
    late = sum(entry.late for entry in entries)
    yield from export.lms.warnings(UploadEffect(export.manual, export.comments is not None, late))


def _names(rows: Sequence[MemberRow]) -> list[str]:
    return [f"{each.member.student.id} {each.member.student.name}".strip() for each in rows]


def _list_names(names: Sequence[str]) -> Iterator[str]:
    yield from (f"  {line(name)}" for name in names[:_MOST_NAMED])
    if len(names) > _MOST_NAMED:
        yield f"  and {len(names) - _MOST_NAMED} more"
