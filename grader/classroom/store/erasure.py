"""One student goes: every row of theirs, their name in shared rows, and what nobody else handed in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from grader.classroom.store.database import Database, Statement

#: What nobody in the class has handed in, or any more: whose it was isn't known.
_NOBODYS = """content NOT IN (SELECT content FROM handed WHERE content NOT NULL
                        UNION SELECT original FROM handed WHERE original NOT NULL)"""
_ORPHANS: tuple[Statement, ...] = (
    (f"DELETE FROM result WHERE {_NOBODYS}", ()),
    (f"DELETE FROM content WHERE {_NOBODYS}", ()),
)


def erase_student(
    database: Database, student: str, moved: Callable[[str], str], without: Callable[[bytes], bytes]
) -> None:
    """Erase a student, all or nothing.

    Args:
        student: the id.
        moved: gives the text of a fault with the new names of folders that were called after the student.
        without: gives an encoded row of the gradebook without remarks that name the student.
    """
    statements = [
        *_from_submissions(database, student, moved),
        *_from_tables(database, student),
        *_from_remarks(database, without),
    ]
    database.change(*statements, *_ORPHANS)


def erase_code(database: Database, student: str, moved: Callable[[str], str], entry: bytes | None) -> None:
    """Erase what a student handed in and every report of it, all or nothing; the grade stays.

    Args:
        student: the id.
        moved: as for `erase_student`.
        entry: the encoded row that stays; None where one was kept before, or there is none.
    """
    kept = [("INSERT OR REPLACE INTO kept_grade VALUES (?, ?)", (student, entry))] if entry is not None else []
    reports = [(f"DELETE FROM {table} WHERE student = ?", (student,)) for table in ("report", "told")]
    database.change(*_from_submissions(database, student, moved), *reports, *kept, *_ORPHANS)


def _from_submissions(database: Database, student: str, moved: Callable[[str], str]) -> Iterator[Statement]:
    for position, text, fix, fault in database.ask("SELECT position, students, fix, fault FROM handed"):
        students, copy = json.loads(text), json.loads(fix)
        others = [each for each in students if each["id"] != student]
        if not others:
            yield "DELETE FROM handed WHERE position = ?", (position,)
        elif len(others) < len(students):
            named = {**copy, "folder": ""} if copy else None  # it may be called after them, until the next batch
            columns = (json.dumps(others), json.dumps(named), moved(fault), position)
            yield "UPDATE handed SET students = ?, fix = ?, fault = ? WHERE position = ?", columns


def _from_tables(database: Database, student: str) -> Iterator[Statement]:
    """Their rows of every table that has a column of students, whichever those are."""
    query = """SELECT m.name FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c
               WHERE m.type = 'table' AND c.name = 'student'"""
    for (table,) in database.ask(query):
        yield f'DELETE FROM "{table}" WHERE student = ?', (student,)


def _from_remarks(database: Database, without: Callable[[bytes], bytes]) -> Iterator[Statement]:
    for number, student, entry in database.ask("SELECT number, student, entry FROM published"):
        if (changed := without(entry)) != entry:
            yield "UPDATE published SET entry = ? WHERE number = ? AND student = ?", (changed, number, student)
