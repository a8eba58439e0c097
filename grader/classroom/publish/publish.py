"""Freeze what students are told: a numbered release, from which no later grading takes a point away unasked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import msgspec

from grader.classroom.outputs.gradebook import (
    AWAITING,
    NOT_GRADED,
    GradebookRow,
    gradebook_cells,
    gradebook_header,
    write_gradebook,
)
from grader.classroom.outputs.refresh import ThisProcess, Workers, give_feedback, refresh_reports, write_pages
from grader.classroom.outputs.releases import (
    RELEASES,
    ReleaseChange,
    find_changes,
    newest_published,
    save_release,
)
from grader.classroom.outputs.student_files import write_feedback_files
from grader.classroom.review.class_page import write_class_page
from grader.classroom.review.regrading import open_stored_plan
from grader.classroom.review.results import Results, open_results
from grader.classroom.review.scale import refuse_two_scales
from grader.classroom.review.suspects import acknowledge, find_suspects, list_acknowledged, suspect_lines
from grader.classroom.store.store import Store
from grader.classroom.tables.csv_text import rows_as_csv
from grader.classroom.workers.pool import Pool, cores
from grader.classroom.workers.progress import Quiet
from grader.errors import UsageError, did_you_mean
from grader.files import write_text
from grader.report.sanitize import line
from grader.report.wording import points
from grader.rubric.model import Rubric

LOG = Path("private") / "releases.csv"
_MOST_NAMED = 5
#: Reports of fewer students are made here: starting processes takes as long.
_FEW = 30


class PublishOrder(msgspec.Struct, frozen=True):
    """What somebody wants published."""

    out: Path
    reason: str = ""  #: why published rows change
    lower: bool = False  #: let a published score fall
    is_dry: bool = False  #: only say what would be published
    acknowledged: tuple[str, ...] = ()  #: suspect checks that somebody found right: "softmax: a batch of rows"


class Release(msgspec.Struct, frozen=True):
    """What came of it."""

    number: int  #: of the newest release
    changes: tuple[ReleaseChange, ...]  #: none where that one says it all already
    path: Path
    left_out: tuple[GradebookRow, ...] = ()  #: whose work can't be read, so that nothing is published of them


def publish_grades(order: PublishOrder, now: datetime) -> Release:
    """Publish what isn't published yet. Whose work can't be read stays out until a person has decided.

    Raises:
        UsageError: somebody isn't graded, or published rows change and no reason is given. Nothing was published.
    """
    with open_results(order.out) as results:
        rubric = results.rubric
        found = results.entries()
        refuse_two_scales(results)
        left_out = tuple(each for each in found if each.is_unreadable)
        found = [each for each in found if not each.is_unreadable]
        refuse_unfinished(found)
        refuse_suspects(results, order.acknowledged, keep=not order.is_dry)
        before = newest_published(results.store)
        changed = tuple(find_changes(found, before, order.lower))
        number = results.store.releases.next_number()
        if changed:
            _ask_for_reason(changed, order.reason)
        if changed and not order.is_dry:
            _write(
                _path(order.out, number), changed, rubric
            )  # first: after a crash the next release has this number, and this file
            save_release(results.store, number, now, results.plan, order.reason.strip(), changed)
        if not order.is_dry:
            write_all(results)
    newest = number if changed else number - 1
    return Release(newest, changed, _path(order.out, newest), left_out)


def write_all(results: Results) -> None:
    """Make all files say what is published: grades.csv, reports, what students are given, the log."""
    out, plan, store = results.out, results.plan, results.store
    refresh_reports(out, plan, store, results.decided, ThisProcess(), Quiet())
    with _open_workers(results) as workers:
        give_feedback(out, plan, store, results.decided, workers)
        write_pages(out, plan, store, results.decided, workers)
    rows = results.shown()
    write_gradebook(out, rows, results.rubric)
    write_class_page(out, store, results.plan, results.rubric, rows)
    _write_log(out, store)


@contextmanager
def _open_workers(results: Results) -> Iterator[Workers]:
    """The pool for a class; for a few reports this process is faster."""
    if len(results.store.rows(results.plan)) < _FEW:
        yield ThisProcess()
        return
    with open_stored_plan(results) as kit, Pool(cores(), kit) as pool:
        yield pool


def _write_log(out: Path, store: Store) -> None:
    """OUT/private/releases.csv: a line for each release, those that were taken back too."""
    rows = [(each.number, each.at, each.rows, each.reason, each.undone) for each in store.releases.summaries()]
    if rows:
        write_text(out / LOG, rows_as_csv([("release", "published", "rows", "reason", "taken back"), *rows]))


class Undone(msgspec.Struct, frozen=True):
    """A release that was taken back, or would be."""

    number: int
    rows: int
    before: int  #: the release that is the newest now; 0 where there is none


def undo_release(out: Path, now: datetime, is_dry: bool = False) -> Undone:
    """Take the newest release back: everybody is told again what the one before said. The log keeps it.

    Raises:
        UsageError: nothing is published.
    """
    with open_results(out) as results:
        standing = [each for each in results.store.releases.summaries() if not each.undone]
        if not standing:
            raise UsageError(f"{out}: nothing is published, so nothing can be taken back")
        newest = standing[-1]
        if not is_dry:
            results.store.releases.undo(newest.number, now.isoformat(timespec="seconds"))
            path = _path(out, newest.number)
            if path.exists():
                path.replace(path.with_name(f"{newest.number}.undone.csv"))
            write_all_but_feedback(results)
    return Undone(newest.number, newest.rows, standing[-2].number if len(standing) > 1 else 0)


def write_all_but_feedback(results: Results) -> None:
    """As `write_all`, but what students were given by earlier releases stays as it was, byte for byte."""
    out, store = results.out, results.store
    refresh_reports(out, results.plan, store, results.decided, ThisProcess(), Quiet())
    write_feedback_files(out, store)
    rows = results.shown()
    write_gradebook(out, rows, results.rubric)
    write_class_page(out, store, results.plan, results.rubric, rows)
    _write_log(out, store)


def refuse_unfinished(found: Iterable[GradebookRow]) -> None:
    """Raises UsageError while somebody has no grade, through our fault or for want of a person's points."""
    open_ones = [entry for entry in found if entry.status in (NOT_GRADED, AWAITING)]
    if open_ones:
        named = [f"  {line(each.student.id)}: {each.status}" for each in open_ones[:_MOST_NAMED]]
        more = [f"  and {len(open_ones) - _MOST_NAMED} more"] if len(open_ones) > _MOST_NAMED else []
        told = f"nothing was published: {len(open_ones)} without a grade yet (`grade status OUT` tells what to do):"
        raise UsageError("\n".join([told, *named, *more]))


def refuse_suspects(results: Results, acknowledged: Sequence[str], keep: bool = True) -> None:
    """Keep what is acknowledged, unless not asked to; raises UsageError while a suspect check isn't, or is none."""
    found = find_suspects(results.store, results.plan, results.rubric)
    known = {name for each in found for name in (each.name, each.function)}
    known |= set(list_acknowledged(results.store, results.plan))
    for name in acknowledged:
        if name not in known:
            names = [each.name for each in found]
            is_there = f"suspect are: {'; '.join(names)}" if names else "no check is suspect"
            raise UsageError(
                f"--acknowledge {name!r}: no suspect check is called so{did_you_mean(name, names)}; {is_there}"
            )
    seen = [each for each in found if each.name in acknowledged or each.function in acknowledged]
    if keep:
        acknowledge(results.store, results.plan, seen)
    left = [each for each in found if each not in seen]
    if left:
        raise UsageError("\n".join(["nothing was published.", *suspect_lines(left, results.out)]))


def _ask_for_reason(changed: Sequence[ReleaseChange], reason: str) -> None:
    rows = [each for each in changed if not each.is_new and not each.is_kept]
    if rows and not reason.strip():
        what = "1 published row changes" if len(rows) == 1 else f"{len(rows)} published rows change"
        raise UsageError(
            f"nothing was published: {what}; say why with --reason: it stands on those students' reports, with "
            f"today's date\n{chr(10).join(describe_changes(rows[:_MOST_NAMED]))}"
        )


def describe_changes(changed: Iterable[ReleaseChange]) -> Iterator[str]:
    """Each change in a line."""
    for each in changed:
        student = line(each.entry.student.id)
        if each.is_kept:
            gave = "no score" if each.found is None else points(each.found)
            yield f"  {student}: {_score(each.entry)} stays, though grading again gave {gave}"
        else:
            was = f"{_score(each.before)} -> " if each.before else ""
            yield f"  {student}: {was}{_score(each.entry)}"


def _score(entry: GradebookRow) -> str:
    return entry.status if entry.score is None else points(entry.score)


def _write(path: Path, changed: Iterable[ReleaseChange], rubric: Rubric) -> None:
    path.parent.mkdir(exist_ok=True)
    write_text(path, release_csv([each for each in changed if not each.is_kept], rubric))


def _path(out: Path, number: int) -> Path:
    return out / RELEASES / f"{number}.csv"


def release_csv(changed: Sequence[ReleaseChange], rubric: Rubric) -> str:
    """The rows that a release changes, as in grades.csv, with the score that was published before."""
    rows = gradebook_cells([each.entry for each in changed], rubric)
    before = [each.before.score if each.before else None for each in changed]
    told = ("" if score is None else points(score, rubric.most) for score in before)
    return rows_as_csv(
        [
            [*gradebook_header(rubric), "published_before"],
            *([*row, score] for row, score in zip(rows, told, strict=True)),
        ]
    )
