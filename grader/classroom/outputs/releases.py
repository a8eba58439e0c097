"""Numbered releases of a class's grades: what was published, when and why, and what students are told of changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from fractions import Fraction

import msgspec

from grader.classroom.decisions.settling import Standing, describe_recomputed, exact_points
from grader.classroom.outputs.gradebook import GradebookRow, decode_row, encode_row
from grader.classroom.store.fingerprint import what_changed
from grader.classroom.store.releases import PublishedRow
from grader.classroom.store.store import Store
from grader.grading.grades import Decision
from grader.report.wording import points

#: Below OUT: a file for each release.
RELEASES = "releases"


class Published(msgspec.Struct, frozen=True):
    """What a student was told last."""

    number: int  #: of the release
    entry: GradebookRow
    found: str  #: the score as graded then, as `exact_points` writes it


class ReleaseChange(msgspec.Struct, frozen=True):
    """What a release says anew of one student."""

    entry: GradebookRow  #: as it is published now
    before: GradebookRow | None  #: as it was published last; None where this is the first time
    found: Fraction | None  #: the score as graded now

    @property
    def is_kept(self) -> bool:
        """Whether what was published stays, since grading again gave less."""
        return self.entry is self.before

    @property
    def is_new(self) -> bool:
        """Whether nothing was published of this student before."""
        return self.before is None


def newest_published(store: Store) -> dict[str, Published]:
    """The newest that was published, by student."""
    return {row.student: Published(row.number, decode_row(row.entry), row.found) for row in store.releases.rows()}


def standing_scores(store: Store, plan: str) -> dict[str, Standing]:
    """The score that stands for each student of whom one was published; `plan` is that of today's grades."""
    plans = store.releases.plan_of()
    found = {}
    for student, last in newest_published(store).items():
        if last.entry.score is not None:
            why = _what_changed(store, plans[last.number], plan)
            found[student] = Standing(last.number, last.entry.score, last.found, why)
    return found


def _what_changed(store: Store, before: str, now: str) -> str:
    return what_changed(store.parts(before), store.parts(now)) if before != now else ""


def rows_as_published(store: Store, plan: str, rows: Iterable[GradebookRow], items: int) -> list[GradebookRow]:
    """The rows under the scores that were published, by id: what was computed since is a remark.

    Args:
        store: knows what was published.
        plan: that of today's grades.
        rows: as graded now.
        items: how many functions and items the rubric has.
    """
    published, standing = newest_published(store), standing_scores(store, plan)
    rows = list(rows)
    gone = published.keys() - {each.student.id for each in rows}
    shown = [_row_as_published(each, published.get(each.student.id), standing.get(each.student.id)) for each in rows]
    shown += [_row_gone(published[each].entry) for each in gone]
    return sorted((_with_columns(each, items) for each in shown), key=lambda each: each.student.id)


def _row_as_published(row: GradebookRow, last: Published | None, standing: Standing | None) -> GradebookRow:
    if last is None or standing is None or _visible_part(row) == _visible_part(last.entry):
        return row
    is_same = row.score == standing.score
    note = () if is_same else (describe_recomputed(standing, row.score),)
    return msgspec.structs.replace(
        last.entry, student=row.student, remarks=(*row.remarks, *note), computed=row.computed, late=row.late
    )


def _row_gone(row: GradebookRow) -> GradebookRow:
    return msgspec.structs.replace(row, remarks=(*row.remarks, "isn't in the class folder any more"))


def _with_columns(row: GradebookRow, items: int) -> GradebookRow:
    """Without points of functions, where they were published by a rubric that has others."""
    return row if len(row.functions) in (0, items) else msgspec.structs.replace(row, functions=())


def list_published(store: Store) -> list[GradebookRow]:
    """The row of everybody of whom something was published, by id."""
    return [each.entry for _, each in sorted(newest_published(store).items())]


def find_changes(
    now: Iterable[GradebookRow], before: Mapping[str, Published], lower: bool = False
) -> Iterator[ReleaseChange]:
    """What differs from what was published. A score that would fall stays as it was, unless `lower`."""
    for entry in now:
        last = before.get(entry.student.id)
        if last is None:
            yield ReleaseChange(entry, None, entry.score)
        elif _falls(entry, last.entry) and not lower:
            if last.found != exact_points(entry.score):  # else it has been said
                yield ReleaseChange(last.entry, last.entry, entry.score)
        elif _visible_part(entry) != _visible_part(last.entry):
            yield ReleaseChange(entry, last.entry, entry.score)


def save_release(
    store: Store, number: int, at: datetime, plan: str, reason: str, changed: Iterable[ReleaseChange]
) -> None:
    """Keep a release: all of it, or nothing."""
    rows = [
        PublishedRow(
            number, each.entry.student.id, encode_row(each.entry), exact_points(each.found), _note(each, number, reason)
        )
        for each in changed
    ]
    store.releases.keep(number, at.isoformat(timespec="seconds"), plan, reason, rows)


def release_notes(store: Store) -> dict[str, tuple[Decision, ...]]:
    """What changed since a student's grade was first published, each time with its day; by student."""
    found: dict[str, tuple[Decision, ...]] = {}
    for _, student, at, note in store.releases.notes():
        if note:
            found[student] = (*found.get(student, ()), Decision(at[:10], note))
    return found


def _note(change: ReleaseChange, number: int, reason: str) -> str:
    """What the student's report says of it."""
    if change.before is None:
        return ""
    if change.is_kept:
        stays, gave = _show_score(change.entry.score), _show_score(change.found)
        return f"Release {number}: the published score of {stays} stays; grading again gave {gave}."
    if change.entry.score == change.before.score:
        return f"Release {number}: the score is still {_show_score(change.entry.score)}, its parts changed. {reason}"
    return f"Release {number}: {_show_score(change.before.score)} became {_show_score(change.entry.score)}. {reason}"


def _falls(entry: GradebookRow, last: GradebookRow) -> bool:
    return last.score is not None and (entry.score is None or entry.score < last.score)


def _visible_part(entry: GradebookRow) -> tuple[object, ...]:
    return entry.status, entry.score, entry.functions


def _show_score(score: Fraction | None) -> str:
    return "no score" if score is None else f"{points(score)} points"
