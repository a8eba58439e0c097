"""Keep the reports in OUT in step with the store: those that are new are written, those of nobody are removed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

import msgspec

from grader.classroom.decisions.reading import ClassDecisions
from grader.classroom.decisions.requests import read_requests
from grader.classroom.intake.file_names import make_stem
from grader.classroom.outputs.releases import release_notes
from grader.classroom.outputs.student_files import WriteReports, complete_reports, remove_reports, write_reports
from grader.classroom.store.encoding import encode_points
from grader.classroom.store.marks import read_marks
from grader.classroom.store.store import Store, SubmissionRow
from grader.classroom.workers.process import Done, Failed, attempt
from grader.classroom.workers.progress import Watch
from grader.errors import HarnessError
from grader.grading.grades import Decision
from grader.version import __version__

T = TypeVar("T")


class Workers(Protocol):
    """Whoever carries out tasks."""

    def each(self, tasks: Iterable[T]) -> Iterator[tuple[T, Done | Failed]]:
        """Each with its outcome."""


class ThisProcess:
    """Writes reports without starting another process: for a few, that is faster."""

    def each(self, tasks: Iterable[T]) -> Iterator[tuple[T, Done | Failed]]:
        """Each with its outcome."""
        for task in tasks:
            assert isinstance(task, WriteReports)
            yield task, attempt(partial(write_reports, task))


def decisions_by_student(out: Path, plan: str, store: Store) -> dict[str, tuple[Decision, ...]]:
    """What people decided about each student's grade, and when.

    Raises:
        UsageError: a file of decisions can't be read, or names somebody who isn't there.
    """
    students = {student.id for row in store.rows(plan) for student in row.handed.students}
    functions = next((tuple(f.name for f in each.marks.functions) for each in read_marks(store, plan)), ())
    asked, released = read_requests(out, students, functions), release_notes(store)
    return {each: (*released.get(each, ()), *asked.get(each, ())) for each in {**released, **asked}}


def refresh_reports(
    out: Path, plan: str, store: Store, decisions: ClassDecisions, workers: Workers, watch: Watch
) -> None:
    """Write the reports of everyone whose grade is new, and remove those of whoever has none any more.

    Raises:
        HarnessError: a file can't be written.
        UsageError: a file of decisions is wrong. No report was changed.
    """
    rows = {student.id: row for row in store.rows(plan) if row.sha256 for student in row.handed.students}
    kept, there, told = store.reports(), complete_reports(out), decisions_by_student(out, plan, store)
    tasks = {each: _report(out, each, row, told.get(each, ()), decisions) for each, row in rows.items()}
    made_of = {student: _report_key(task, rows[student].sha256) for student, task in tasks.items()}
    todo = [each for each, made in made_of.items() if kept.get(each) != made or make_stem(each) not in there]

    wanted = (msgspec.structs.replace(tasks[each], blob=store.blob(plan, rows[each].content) or b"") for each in todo)
    for task, outcome in watch.each("reports", workers.each(wanted), len(todo)):
        if isinstance(outcome, Failed):
            raise HarnessError(outcome.text)
        store.keep_report(task.student, made_of[task.student])
    for student in kept.keys() - rows.keys():
        remove_reports(out, make_stem(student))
        store.drop_report(student)


def _report(
    out: Path, student: str, row: SubmissionRow, told: tuple[Decision, ...], decisions: ClassDecisions
) -> WriteReports:
    """Without the grade, which is read once it is known that the report is a new one."""
    by_hand = decisions.by_hand
    return WriteReports(
        out=str(out),
        stem=make_stem(student),
        student=student,
        title=row.handed.title(student),
        blob=b"",
        decisions=told,
        items=by_hand.items,
        given=dict(by_hand.of(row.handed)),
        ruling=decisions.rulings.get(student),
        diff=row.diff,
    )


def _report_key(report: WriteReports, sha256: str) -> str:
    """What a student's reports follow from."""
    made = f"{sha256}\0{report.student}\0{report.title}\0{__version__}"
    for more in (report.decisions, report.given, report.ruling, report.diff):
        made += f"\0{msgspec.json.encode(more, enc_hook=encode_points).decode()}" if more else ""
    return hashlib.sha256(made.encode("utf-8", "surrogatepass")).hexdigest()
