"""`--members groups.csv`: who works together, where the LMS doesn't say it. Columns: group, student.

One hands in, and it is the work of all of the group. Where several did, these are attempts of the group: the newest
counts, by its time; where no time is known, a remark says that several did.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec

from grader.classroom.intake.model import Attempt, ClassListing, Student, StudentSubmission
from grader.classroom.tables.people import TableRow, read_table
from grader.errors import UsageError

MEMBER_COLUMNS = ("group", "student")

#: Whoever goes by an id or mail address, by the roster or by what they handed in; None for a stranger.
FindStudent = Callable[[str], Student | None]


def read_members(path: Path) -> dict[str, tuple[str, ...]]:
    """The ids of each group.

    Raises:
        UsageError: there is no such file, it can't be read, or somebody is in two groups; all such rows are listed.
    """
    if not path.exists():
        raise UsageError(f"--members {path}: there is no such file")
    rows = read_table(path, MEMBER_COLUMNS)
    first: dict[str, TableRow] = {}
    flaws = [flaw for row in rows if (flaw := _flaw(row, first))]
    if flaws:
        raise UsageError(
            "\n".join(["mistakes in the file of groups; nothing was changed:", *(f"  {f}" for f in flaws)])
        )
    found: dict[str, tuple[str, ...]] = {}
    for row in rows:
        group, student = row.cells["group"], row.cells["student"]
        found[group] = tuple(dict.fromkeys((*found.get(group, ()), student)))
    return found


def _flaw(row: TableRow, first: dict[str, TableRow]) -> str:
    group, student = (row.cells.get(name, "") for name in MEMBER_COLUMNS)
    if not group or not student:
        return row.flaw(f"the {'student' if group else 'group'} is empty")
    before = first.setdefault(student.casefold(), row)
    if before.cells["group"] != group:
        return row.flaw(
            f"{student!r} is in group {group!r}, and in line {before.line} in group {before.cells['group']!r}; "
            "keep one of the two"
        )
    return ""


def join_groups(listing: ClassListing, groups: dict[str, tuple[str, ...]], find: FindStudent) -> ClassListing:
    """The class with one submission for each group of which somebody handed in.

    Raises:
        UsageError: two ids in different groups are one person.
    """
    handed = list(listing.handed)
    taken: dict[str, str] = {}
    for group, ids in groups.items():
        people = [find(each) or Student(each) for each in ids]
        for each in people:
            other = taken.setdefault(each.id, group)
            if other != group:
                raise UsageError(f"--members: {each.id!r} is in group {other!r} and in group {group!r}, by two names")
        wanted = {each.id for each in people}
        mine = [each for each in handed if wanted & {student.id for student in each.students}]
        if mine:
            joined = _join(mine, people, group)
            handed = [each for each in handed if each not in mine] + [joined]
    return msgspec.structs.replace(listing, handed=tuple(sorted(handed, key=lambda each: each.id)))


def _join(mine: Sequence[StudentSubmission], people: Iterable[Student], group: str) -> StudentSubmission:
    """One submission of them all, of whom the one who handed in comes first."""
    ordered = sorted(mine, key=lambda each: each.at)
    newest = ordered[-1]
    there = {student.id for student in newest.students}
    students = (*newest.students, *(each for each in people if each.id not in there))
    others = [student.id for each in ordered[:-1] for student in each.students]
    how = (
        "the newest counts"
        if newest.at and len({each.at for each in mine}) == len(mine)
        else "nothing tells which is newer"
    )
    remark = [f"group {group}: handed in by {', '.join([*others, newest.id])}: {how}"] if others else [f"group {group}"]
    attempts = tuple(each for one in ordered for each in _attempts(one)) if others else newest.attempts
    return msgspec.structs.replace(newest, students=students, remarks=(*newest.remarks, *remark), attempts=attempts)


def _attempts(handed: StudentSubmission) -> tuple[Attempt, ...]:
    return handed.attempts or (Attempt(handed.parts, handed.at, handed.late),)
