"""What is left to do in a class, in the order in which it is done, each with the command that does it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from grader.classroom.decisions.by_hand import POINTS_FOLDER, SETTLED
from grader.classroom.decisions.fixes import FIXES
from grader.classroom.decisions.overrides import OVERRIDES
from grader.classroom.outputs.gradebook import AWAITING, NOT_GRADED, GradebookRow
from grader.classroom.outputs.releases import find_changes, newest_published
from grader.classroom.review.groups import group_answers
from grader.classroom.review.results import Results
from grader.classroom.review.suspects import find_suspects
from grader.classroom.store.settings import Settings, load_settings
from grader.errors import UsageError


class OpenTask(msgspec.Struct, frozen=True):
    """Something that is left to do."""

    what: str  #: with how many it concerns; nobody is named
    do: str  #: a command, or a file to fill in


def list_tasks(results: Results) -> list[OpenTask]:
    """What is left to do.

    Raises:
        UsageError: a file of decisions makes no sense.
    """
    rows = results.entries()
    batch = _name_batch(results)
    return [
        *_list_ungraded(rows, batch),
        *_list_unreadable(rows, results.out, batch),
        *_list_suspects(results),
        *_list_groups(results),
        *_list_unmarked(results, rows),
        *_list_conflicts(results, batch),
        *_list_unpublished(results, rows),
    ]


def _name_batch(results: Results) -> str:
    """The command that graded the class, as short as it can be said."""
    settings: Settings = load_settings(results.store)
    return f"grade batch {shlex.quote(settings.folder) if settings.folder else 'FOLDER'} -o {_quote(results.out)}"


def _quote(path: Path) -> str:
    return shlex.quote(str(path))


def _list_ungraded(rows: Sequence[GradebookRow], batch: str) -> Iterator[OpenTask]:
    if count := sum(row.status == NOT_GRADED for row in rows):
        yield OpenTask(f"{count:,} not graded, through no fault of theirs", batch)


def _list_unreadable(rows: Sequence[GradebookRow], out: Path, batch: str) -> Iterator[OpenTask]:
    if count := sum(row.is_unreadable for row in rows):
        yield OpenTask(
            f"{count:,} can't be read, so a person has to decide",
            f"points in {out / OVERRIDES}, or a repaired copy in {out / FIXES}/ID/, then {batch}",
        )


def _list_suspects(results: Results) -> Iterator[OpenTask]:
    found = find_suspects(results.store, results.plan, results.rubric)
    if found:
        checks = "check is" if len(found) == 1 else "checks are"
        acknowledge = f"--acknowledge {shlex.quote(found[0].name)}"
        yield OpenTask(
            f"{len(found)} {checks} suspect: mend the rubric, or say that it is right",
            f"grade publish {_quote(results.out)} {acknowledge}",
        )


def _list_groups(results: Results) -> Iterator[OpenTask]:
    try:
        found = [each for each in group_answers(results) if len(each.students) > 1]
    except UsageError:  # an older version made these results, and kept too little of them
        return
    if found:
        groups = "group of wrong answers" if len(found) == 1 else "groups of wrong answers"
        yield OpenTask(f"{len(found)} {groups} that no known mistake explains", f"grade groups {_quote(results.out)}")


def _list_unmarked(results: Results, rows: Sequence[GradebookRow]) -> Iterator[OpenTask]:
    """Who waits for a grader; a row that is wrong or disputed is another task."""
    waiting = {row.student.id for row in rows if row.status == AWAITING and not row.is_unreadable}
    submissions = [row.handed for row in results.store.rows(results.plan)]
    unmarked = [each for each in submissions if results.decided.by_hand.find_unmarked(each.id)]
    if count := sum(student.id in waiting for each in unmarked for student in each.students):
        do = f"grade marking {_quote(results.out)} --graders NAME,NAME"
        yield OpenTask(f"{count:,} still need{'s' if count == 1 else ''} marking by hand", do)


def _list_conflicts(results: Results, batch: str) -> Iterator[OpenTask]:
    by_hand = results.decided.by_hand
    if by_hand.flaws:
        rows = "row of a grader makes" if len(by_hand.flaws) == 1 else "rows of graders make"
        yield OpenTask(
            f"{len(by_hand.flaws)} {rows} no sense: mend them", f"{results.out / POINTS_FOLDER}, then {batch}"
        )
    if by_hand.conflicts:
        times = "once" if len(by_hand.conflicts) == 1 else f"{len(by_hand.conflicts):,} times"
        settle = f"grade marking {_quote(results.out)} --settle"
        yield OpenTask(
            f"graders disagree {times}: say what counts", f"{settle}, points in {results.out / SETTLED}, then {batch}"
        )


def _list_unpublished(results: Results, rows: Sequence[GradebookRow]) -> Iterator[OpenTask]:
    ready = [row for row in rows if not row.is_unreadable and row.status not in (AWAITING, NOT_GRADED)]
    changes = list(find_changes(ready, newest_published(results.store)))
    new = sum(each.is_new for each in changes)
    kept = sum(each.is_kept for each in changes)
    changed = len(changes) - new - kept
    counts = ((new, "new"), (changed, "changed"), (kept, "lower than published"))
    told = [f"{count:,} {word}" for count, word in counts if count]
    if told:
        reason = " --reason TEXT" if changed else ""
        yield OpenTask(f"{', '.join(told)}: not published", f"grade publish {_quote(results.out)}{reason}")


def describe_tasks(tasks: Sequence[OpenTask]) -> Iterator[str]:
    """What is left, a line for each and one for what does it."""
    if not tasks:
        yield "nothing is left to do: all is graded and published"
        return
    yield "left to do:"
    for number, each in enumerate(tasks, 1):
        yield f"  {number}. {each.what}"
        yield f"     {each.do}"
