"""Read everything that was decided about a class, by student."""

from __future__ import annotations

from pathlib import Path

from grader.classroom.blob import brief_of
from grader.classroom.decisions.overrides import read_overrides
from grader.classroom.decisions.settling import Ruling
from grader.classroom.store import Store


def rulings(out: Path, plan: str, store: Store) -> dict[str, Ruling]:
    """What was decided, for each student of whom something was.

    Raises:
        UsageError: a file of decisions can't be read, or holds what can't be meant.
    """
    rows = store.rows(plan)
    students = {student.id for row in rows for student in row.handed.students}
    graded = next((blob for row in rows if (blob := store.blob(plan, row.content))), None)
    functions = {each.name: each.max_score for each in brief_of(graded).functions} if graded else {}
    return {student: Ruling(given) for student, given in read_overrides(out, students, functions).items()}
