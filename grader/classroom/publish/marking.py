"""Split what persons have to give points for among graders: a table and a bundle for each, to be filled in.

By item the work is in the order of the items and cut into equal stretches, so that a grader sees the same item again
and again and judges it alike. By student all items of one student go to one grader. Rows that are filled in stay with
whoever filled them; the others are dealt anew each time. A sample can be marked by two.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import accumulate, chain, groupby, pairwise
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from grader.classroom.decisions.blind import read_codes, save_codes
from grader.classroom.decisions.by_hand import POINTS_FOLDER, grader_of, list_point_files, read_points
from grader.classroom.publish.attachments import Attachments
from grader.classroom.publish.bundles import Work, bundle_work
from grader.classroom.review.results import Results
from grader.classroom.store.store import SubmissionRow
from grader.classroom.tables.csv_text import rows_as_csv
from grader.classroom.tables.people import TableRow, guard
from grader.errors import UsageError
from grader.files import write_bytes, write_text
from grader.report.wording import points
from grader.rubric.model import Manual

MARKING_HEADER = ("student", "item", "points", "level", "comment", "most", "levels", "attachment")
By = Literal["item", "student"]
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
T = TypeVar("T")


class MarkingOrder(msgspec.Struct, frozen=True):
    """How the work shall be split."""

    graders: tuple[str, ...]
    by: By = "item"
    double: Fraction = Fraction(0)  #: the share that two graders mark
    blind: bool = False  #: graders see no names


class Share(msgspec.Struct, frozen=True):
    """One grader's part of the work."""

    grader: str
    due: int
    done: int
    path: Path
    bundle: Path


class _Due(msgspec.Struct, frozen=True):
    """An item of a submission that somebody has to mark."""

    work: Work
    row: SubmissionRow

    @property
    def key(self) -> tuple[str, str]:
        """The submission and the item."""
        return self.row.handed.id, self.work.item.name


def deal_out_marking(results: Results, order: MarkingOrder | Sequence[str]) -> list[Share]:
    """Deal out what is still to do.

    Raises:
        UsageError: the rubric has no manual items, a grader's name is none, or a grader's file makes no sense.
    """
    order = order if isinstance(order, MarkingOrder) else MarkingOrder(tuple(order))
    _refuse(results, order)
    filled = _rows_filled_in(results.out)
    known = _submissions(results)
    done = _graders_by_key(filled, known)
    everything = _everything(results, order)
    given = results.decided.by_hand.given
    due = [each for each in everything if each.key not in done and each.key[1] not in given.get(each.key[0], ())]
    shares = {name: list(part) for name, part in zip(order.graders, _split(due, order), strict=True)}
    _deal_second(everything, order, done, shares)
    return [_write_share(results, name, filled.get(name, ()), shares.get(name, ())) for name in {*filled, *shares}]


def _refuse(results: Results, order: MarkingOrder) -> None:
    if not results.rubric.manual:
        raise UsageError(f"{results.rubric.name}: a person has nothing to give points for; the rubric has no `manual:`")
    odd = [name for name in order.graders if not _NAME.fullmatch(name)]
    if odd or len(set(order.graders)) < len(order.graders):
        raise UsageError(
            f"--graders {','.join(order.graders)}: write different names of letters and digits, such as ann,bo"
        )
    if order.double and len(order.graders) < 2:
        raise UsageError("--double: what is marked twice needs two graders")
    flaws = results.decided.by_hand.flaws
    if flaws:  # nothing is written over them
        raise UsageError("\n".join(["mend these first, or they would be lost:", *(f"  {each}" for each in flaws)]))


def _rows_filled_in(out: Path) -> dict[str, list[TableRow]]:
    """The rows that somebody has filled in, by grader."""
    found: dict[str, dict[tuple[str, str], TableRow]] = {}
    for file in list_point_files(out):
        mine = found.setdefault(file.stem, {})
        for row in read_points(file):
            if row.cells["points"] or row.cells.get("level"):
                mine[row.cells["student"], row.cells["item"]] = row
    return {grader: list(rows.values()) for grader, rows in found.items()}


def _submissions(results: Results) -> dict[str, str]:
    """Whose submission somebody's is, by every name under which a table may have them."""
    found = {each.id: row.handed.id for row in results.store.rows(results.plan) for each in row.handed.students}
    codes = {code: found[student] for code, student in read_codes(results.out).items() if student in found}
    return {**found, **{guard(student): each for student, each in found.items()}, **codes}


def _graders_by_key(
    filled: Mapping[str, Sequence[TableRow]], known: Mapping[str, str]
) -> dict[tuple[str, str], set[str]]:
    """Who has marked which item of which submission."""
    found: dict[tuple[str, str], set[str]] = {}
    for row in chain(*filled.values()):
        key = known.get(row.cells["student"], ""), row.cells["item"]
        found.setdefault(key, set()).add(grader_of(row))
    return found


def _everything(results: Results, order: MarkingOrder) -> list[_Due]:
    """Each item of each submission, done or not."""
    rows = [row for row in results.store.rows(results.plan) if not row.is_empty]
    codes = save_codes(results.out, [row.handed.id for row in rows]) if order.blind else {}
    attachments = Attachments(results)
    return [
        _Due(Work(item, codes.get(row.handed.id, ""), tuple(attachments.of(item, row))), row)
        for item in results.rubric.manual
        for row in rows
    ]


def _split(due: Sequence[_Due], order: MarkingOrder) -> Iterator[Sequence[_Due]]:
    count = len(order.graders)
    if order.by == "item":
        return _stretches(due, count)
    ordered = sorted(due, key=lambda each: each.row.handed.id)
    students = [list(each) for _, each in groupby(ordered, key=lambda each: each.row.handed.id)]
    return (list(chain(*part)) for part in _stretches(students, count))


def _stretches(due: Sequence[T], count: int) -> Iterator[Sequence[T]]:
    """The work in equal stretches: no two differ by more than one row."""
    sizes = [len(due) // count + (place < len(due) % count) for place in range(count)]
    return (due[start:end] for start, end in pairwise(accumulate(sizes, initial=0)))


def _deal_second(
    everything: Sequence[_Due],
    order: MarkingOrder,
    done: Mapping[tuple[str, str], set[str]],
    shares: Mapping[str, list[_Due]],
) -> None:
    """Deal the sample once more, each to a grader who hasn't got it; which it is doesn't change from time to time."""
    sample = sorted(everything, key=_lot)[: math.ceil(order.double * len(everything))]
    load = Counter({name: len(share) for name, share in shares.items()})
    for each in sample:
        have = done.get(each.key, set()) | {name for name, mine in shares.items() if each in mine}
        free = [name for name in order.graders if name not in have]
        if len(have) < 2 and free:
            grader = min(free, key=lambda name: (load[name], name))
            shares[grader].append(each)
            load[grader] += 1


def _lot(due: _Due) -> bytes:
    return hashlib.sha256("\0".join(due.key).encode("utf-8", "surrogatepass")).digest()


def _write_share(results: Results, grader: str, filled: Sequence[TableRow], due: Sequence[_Due]) -> Share:
    """A table with what is done and what is due, and the same in a bundle with all that is looked at."""
    folder = results.out / POINTS_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    table, bundle = folder / f"{grader}.csv", folder / f"{grader}.zip"
    text = rows_as_csv([MARKING_HEADER, *map(_row_cells, filled), *(_row(each) for each in due)])
    write_text(table, text)
    write_bytes(bundle, bundle_work(results, table.name, text, [(each.work, each.row) for each in due]))
    return Share(grader, len(due), len(filled), table, bundle)


def _row(due: _Due) -> list[str]:
    where = "; ".join(due.work.shown_places)
    student, item = due.work.code or due.row.handed.id, due.work.item
    return [guard(student), item.name, "", "", "", *item_cells(item), guard(where)]


def item_cells(item: Manual) -> tuple[str, str]:
    """The most that an item gives, and what its levels are worth."""
    return points(item.points), ", ".join(f"{level} {points(worth)}" for level, worth in item.levels.items())


def _row_cells(row: TableRow) -> list[str]:
    return [row.cells.get(name, "") for name in MARKING_HEADER]


def describe_shares(shares: Sequence[Share]) -> Iterator[str]:
    """Each grader's part in a line, and what to do."""
    for each in sorted(shares, key=lambda each: each.grader):
        yield f"{each.grader}: {each.due} to do, {each.done} done: {each.path}, or {each.bundle.name} with the work"
    yield "fill in points or level, and a comment for the student; then run the same `grade batch` command again"
