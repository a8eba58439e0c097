"""A table in which a person decides what counts where graders disagree: OUT/decisions/settled.csv."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.classroom.decisions.by_hand import SETTLED, Disagreement, read_points
from grader.classroom.publish.attachments import Attachments
from grader.classroom.publish.marking import MARKING_HEADER, item_cells
from grader.classroom.review.results import Results
from grader.classroom.tables.csv_text import rows_as_csv
from grader.classroom.tables.people import TableRow, guard
from grader.errors import UsageError
from grader.files import write_text

SETTLED_HEADER = (*MARKING_HEADER[:5], "gave", *MARKING_HEADER[5:])


def write_settled(results: Results) -> list[str]:
    """Write a row for each disagreement beside those that are filled in, which stay; gives what to say about it.

    Raises:
        UsageError: the rubric has no manual items, or the table is there and can't be read.
    """
    if not results.rubric.manual:
        raise UsageError(f"{results.rubric.name}: a person has nothing to give points for; the rubric has no `manual:`")
    path = results.out / SETTLED
    filled = [row for row in (read_points(path) if path.exists() else []) if _is_filled(row)]
    there = {(row.cells["student"], row.cells["item"]) for row in filled}
    found = [
        each
        for each in results.decided.by_hand.disagreements
        if (guard(each.key[0]), each.key[1]) not in there and each.key not in there
    ]
    if found or filled:
        path.parent.mkdir(parents=True, exist_ok=True)
        kept = ([row.cells.get(name, "") for name in SETTLED_HEADER] for row in filled)
        write_text(path, rows_as_csv([SETTLED_HEADER, *kept, *_make_rows(results, found)]))
    return list(_describe(results, found))


def _is_filled(row: TableRow) -> bool:
    return bool(row.cells["points"] or row.cells.get("level"))


def _make_rows(results: Results, found: Sequence[Disagreement]) -> Iterator[list[str]]:
    attachments = Attachments(results)
    items = {item.name: item for item in results.rubric.manual}
    rows = {row.handed.id: row for row in results.store.rows(results.plan)}
    for each in found:
        submission, item = each.key
        where = "; ".join(attachments.of(items[item], rows[submission]))
        yield [guard(submission), item, "", "", "", "; ".join(each.gave), *item_cells(items[item]), guard(where)]


def _describe(results: Results, found: Sequence[Disagreement]) -> Iterator[str]:
    if not found:
        yield "no graders disagree about anything that is still open"
        return
    rows = "1 row" if len(found) == 1 else f"{len(found):,} rows"
    yield f"{results.out / SETTLED}: {rows} to fill in, with what each grader gave"
    yield "fill in points or level; then run the same `grade batch` command again: what stands there counts"
