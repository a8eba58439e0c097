"""Who waits for a person, or handed in nothing, by name: at the end of a batch, and when grades are published."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from grader.classroom.decisions.fixes import FIXES
from grader.classroom.decisions.overrides import OVERRIDES
from grader.classroom.outputs.gradebook import NOT_ON_ROSTER, WRONG_FILE, GradebookRow
from grader.report.sanitize import line

_MOST_NAMED = 20


def describe_unreadable(entries: Sequence[GradebookRow], out: Path) -> Iterator[str]:
    """Each of them with what was found, and what to do; nothing where there is nobody."""
    if entries:
        yield f"{len(entries):,} can't be read, so a person has to decide; their cells stay empty until then:"
        yield from (line(f"  {each.student.id}: {_find_reason(each)}") for each in entries)
        yield f"  give points in {out / OVERRIDES}, or put a repaired copy into {out / FIXES}/ID/"


def _find_reason(entry: GradebookRow) -> str:
    """What was found: the last remark that is about the files."""
    return next((each for each in reversed(entry.remarks) if each != NOT_ON_ROSTER), "")


def describe_strange(entries: Sequence[GradebookRow]) -> Iterator[str]:
    """Who may have handed in the wrong file."""
    if entries:
        yield f"{len(entries):,} hold none of the functions, {WRONG_FILE.partition(':')[0]}:"
        yield from _names(entries)


def describe_absent(entries: Sequence[GradebookRow]) -> Iterator[str]:
    """Who handed in nothing."""
    if entries:
        yield f"{len(entries):,} handed in nothing:"
        yield from _names(entries)


def _names(entries: Sequence[GradebookRow]) -> Iterator[str]:
    named = (f"{each.student.id} {each.student.name}".strip() for each in entries[:_MOST_NAMED])
    yield from (line(f"  {name}") for name in named if name)  # a pseudonym has only who handed in
    if len(entries) > _MOST_NAMED:
        yield f"  and {len(entries) - _MOST_NAMED:,} more, see grades.csv"
