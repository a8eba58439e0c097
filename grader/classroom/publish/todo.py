"""Split what persons have to give points for among graders: a CSV for each, to be filled in where it stands.

The work is in the order of the items and cut into equal stretches, so that a grader sees the same item again and again
and judges it alike. Rows that are filled in stay with whoever filled them; the others are dealt anew each time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from pathlib import Path

import msgspec

from grader.classroom.decisions.by_hand import POINT_COLUMNS, POINTS_FOLDER
from grader.classroom.publish.attachments import Attachments
from grader.classroom.review.results import Results
from grader.classroom.store.store import SubmissionRow
from grader.classroom.tables.csv_text import rows_as_csv
from grader.classroom.tables.people import TableRow, guard, read_table
from grader.errors import UsageError
from grader.files import write_text
from grader.report.wording import points
from grader.rubric.model import Manual

TODO_HEADER = ("student", "item", "points", "level", "comment", "most", "levels", "attachment")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


class Share(msgspec.Struct, frozen=True):
    """One grader's part of the work."""

    grader: str
    due: int
    done: int
    path: Path


def deal_out_marking(results: Results, graders: Sequence[str]) -> list[Share]:
    """Deal out what is still to do.

    Raises:
        UsageError: the rubric has no manual items, a grader's name is none, or a grader's file makes no sense.
    """
    _refuse(results, graders)
    filled = _rows_filled_in(results.out)
    due = _due(results, {(row.cells["student"], row.cells["item"]) for rows in filled.values() for row in rows})
    shares = dict(zip(graders, _stretches(due, len(graders)), strict=True))
    for grader in sorted({*filled, *graders}):
        _write(
            results.out / POINTS_FOLDER / f"{grader}.csv",
            [*map(_row_cells, filled.get(grader, ())), *shares.get(grader, ())],
        )
    return [
        Share(grader, len(shares[grader]), len(filled.get(grader, ())), results.out / POINTS_FOLDER / f"{grader}.csv")
        for grader in graders
    ]


def _refuse(results: Results, graders: Sequence[str]) -> None:
    if not results.rubric.manual:
        raise UsageError(f"{results.rubric.name}: a person has nothing to give points for; the rubric has no `manual:`")
    odd = [name for name in graders if not _NAME.fullmatch(name)]
    if odd or len(set(graders)) < len(graders):
        raise UsageError(f"--graders {','.join(graders)}: due are different names of letters and digits: ann,bo")
    _ = results.decided  # raises where a grader's file makes no sense: nothing is written over it


def _rows_filled_in(out: Path) -> dict[str, list[TableRow]]:
    """The rows that somebody has filled in, by grader."""
    files = sorted((out / POINTS_FOLDER).glob("*.csv"))
    return {
        file.stem: [row for row in read_table(file, POINT_COLUMNS) if row.cells["points"] or row.cells.get("level")]
        for file in files
    }


def _due(results: Results, done: set[tuple[str, str]]) -> list[list[str]]:
    """A row for each item of each submission that nobody has given points for."""
    rows = results.store.rows(results.plan)
    attachments = Attachments(results)
    return [
        _row(item, row, attachments)
        for item in results.rubric.manual
        for row in rows
        if not row.is_empty
        and not any((name(student.id), item.name) in done for student in row.handed.students for name in (str, guard))
    ]


def _row(item: Manual, row: SubmissionRow, attachments: Attachments) -> list[str]:
    levels = ", ".join(f"{level} {points(worth)}" for level, worth in item.levels.items())
    where = "; ".join(attachments.of(item, row))
    return [guard(row.handed.id), item.name, "", "", "", points(item.points), levels, guard(where)]


def _row_cells(row: TableRow) -> list[str]:
    return [row.cells.get(name, "") for name in TODO_HEADER]


def _stretches(due: Sequence[list[str]], count: int) -> Iterator[Sequence[list[str]]]:
    """The work in equal stretches: no two differ by more than one row."""
    sizes = [len(due) // count + (place < len(due) % count) for place in range(count)]
    return (due[start:end] for start, end in pairwise(accumulate(sizes, initial=0)))


def _write(path: Path, rows: Sequence[Sequence[str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, rows_as_csv([TODO_HEADER, *rows]))


def describe_shares(shares: Sequence[Share]) -> Iterator[str]:
    """Each grader's part in a line, and what to do."""
    for each in shares:
        yield f"{each.grader}: {each.due} to do, {each.done} done: {each.path}"
    yield "fill in points or level, and a comment for the student; then run the same `grade batch` command again"
