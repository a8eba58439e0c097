"""One student in a class's results: who is meant, and in which rows of which tables they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from grader.classroom.decisions.blind import read_codes
from grader.classroom.intake.model import Student
from grader.classroom.outputs.gradebook import decode_row
from grader.classroom.outputs.releases import list_published
from grader.classroom.review.results import Results
from grader.classroom.store.roster import Member, load_roster
from grader.classroom.tables.csv_text import read_raw
from grader.classroom.tables.raw import RawTable, split
from grader.errors import UsageError, did_you_mean

#: What a column of students is called in the tables of a class.
_COLUMNS = frozenset({"id", "student"})


class Person(msgspec.Struct, frozen=True):
    """Somebody of whom the results know something."""

    student: Student
    member: Member | None  #: on the roster
    codes: tuple[str, ...] = ()  #: by which graders know them who see no names

    @property
    def ids(self) -> tuple[str, ...]:
        """Every id and mail address that they go by."""
        found = (self.student.id, self.student.email, *(self.member.ids if self.member else ()))
        return tuple(dict.fromkeys(filter(None, found)))

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that they go by."""
        found = (self.student.name, self.member.student.name if self.member else "")
        return tuple(dict.fromkeys(filter(None, found)))


def everybody(results: Results) -> list[Person]:
    """Everybody who handed something in, was published, or is on the roster."""
    roster = load_roster(results.store)
    students = [student for row in results.store.rows(results.plan) for student in row.handed.students]
    students += [entry.student for entry in list_published(results.store)]
    students += [decode_row(entry).student for entry in results.store.kept_grades().values()]
    members = roster.members if roster else ()
    found: dict[str, Person] = {}
    for student in students:
        found.setdefault(student.id, Person(student, roster.find(student) if roster else None))
    there = {person.member for person in found.values()}
    found |= {each.student.id: Person(each.student, each) for each in members if each not in there}
    return list(found.values())


def find_person(results: Results, asked: str) -> Person:
    """Whoever has this id, or this mail address.

    Raises:
        UsageError: nobody has.
    """
    people = everybody(results)
    exact = [each for each in people if each.student.id == asked]
    found = exact or [each for each in people if asked in each.ids]
    if len(found) != 1:
        ids = [each.student.id for each in people]
        raise UsageError(
            f"{results.out}: nobody here has the id {asked!r}{did_you_mean(asked, ids)}; grades.csv lists all ids"
        )
    codes = tuple(code for code, student in read_codes(results.out).items() if student == found[0].student.id)
    return msgspec.structs.replace(found[0], codes=codes)


def tables(out: Path) -> Iterator[tuple[Path, RawTable]]:
    """Every CSV file of the class's results that has a column of students."""
    for path in sorted(out.rglob("*.csv")):
        try:
            table = _table(path)
        except UsageError:  # whatever else somebody has put there
            continue
        if student_columns(table):
            yield path, table


def _table(path: Path) -> RawTable:
    return split(read_raw(path), str(path))


def student_columns(table: RawTable) -> list[int]:
    """The columns of students."""
    return [at for at, header in enumerate(table.header) if " ".join(header.split()).casefold() in _COLUMNS]


def find_rows(person: Person, table: RawTable) -> set[int]:
    """The rows that are about somebody."""
    columns, mine = student_columns(table), {person.student.id, *person.codes}
    return {
        number
        for number, row in enumerate(table.rows[1:], 1)
        # grades.csv guards an id that a spreadsheet would take for a formula with an apostrophe.
        if any(at < len(row.cells) and _without_guard(row.cells[at]) in mine for at in columns)
    }


def _without_guard(cell: str) -> str:
    return cell.strip().removeprefix("'")


def remove_twins(remarks: str, twin: str | None = None) -> str:
    """Remarks without those that say who has handed in the same files; with `twin`, those that name this one."""
    whose = re.escape(twin) if twin is not None else "[^;]*?"
    remark = re.compile(rf"the same files as {whose}(?: and \d+ more)?")
    return "; ".join(each for each in remarks.split("; ") if not remark.fullmatch(each))
