"""Keep the reports in OUT in step with the store: those that are new are written, those of nobody are removed.

What students are given changes with a release alone: `give_feedback`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar

import msgspec

from grader.classroom.decisions.reading import ClassDecisions
from grader.classroom.decisions.requests import read_requests
from grader.classroom.decisions.settling import Standing
from grader.classroom.intake.file_names import make_stem
from grader.classroom.outputs.attempts import describe_attempts, name_attempt
from grader.classroom.outputs.releases import newest_published, release_notes, standing_scores
from grader.classroom.outputs.student_files import (
    PREVIEW,
    PRIVATE,
    RenderReports,
    WritePage,
    WriteReports,
    complete_reports,
    remove_reports,
    suffixes_on_demand,
    write_feedback_files,
)
from grader.classroom.store.encoding import encode_points
from grader.classroom.store.marks import read_marks
from grader.classroom.store.releases import Told
from grader.classroom.store.store import Store, SubmissionRow
from grader.classroom.workers.process import Done, Failed, attempt
from grader.classroom.workers.progress import Watch
from grader.errors import HarnessError
from grader.grading.grades import Audience, Decision
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
            assert isinstance(task, (WriteReports, RenderReports, WritePage))
            yield task, attempt(partial(task.run, None))  # type: ignore[arg-type]  # they need no workplace


def decisions_by_student(out: Path, plan: str, store: Store) -> dict[str, tuple[Decision, ...]]:
    """What people decided about each student's grade, and when.

    Raises:
        UsageError: a file of decisions can't be read, or names somebody who isn't there.
    """
    students = {student.id for row in store.walk_rows(plan) for student in row.handed.students} | set(
        store.kept_grades()
    )
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
    kept, private, preview = store.reports(), complete_reports(out, PRIVATE), complete_reports(out, PREVIEW)
    found = _plan_reports(out, plan, store, decisions)
    there = {
        student
        for student, (report, _, _) in found.items()
        if report.stem in private and (report.standing or report.stem in preview)
    }
    todo = [student for student, each in found.items() if kept.get(student) != each.made_of or student not in there]

    for task, outcome in watch.each("reports", workers.each(_with_grades(found, todo, plan, store)), len(todo)):
        if isinstance(outcome, Failed):
            raise HarnessError(outcome.text)
        store.keep_report(task.student, found[task.student].made_of)
    for student in kept.keys() - found.keys():
        remove_reports(out, make_stem(student))
        store.drop_report(student)


def give_feedback(out: Path, plan: str, store: Store, decisions: ClassDecisions, workers: Workers) -> None:
    """Give each student of whom something is published their report in OUT/feedback, as it is now.

    Raises:
        HarnessError, UsageError: a file can't be written.
    """
    published = newest_published(store)
    newest = max((each.number for each in published.values()), default=0)
    found, kept = _plan_reports(out, plan, store, decisions, published), store.told.made_of()
    todo = [student for student, each in found.items() if kept.get(student) != each.made_of]
    for task, outcome in workers.each(map(RenderReports, _with_grades(found, todo, plan, store))):
        if isinstance(outcome, Failed):
            raise HarnessError(outcome.text)
        student = task.report.student
        store.told.keep(Told(newest, student, found[student].made_of, outcome.value))
    write_feedback_files(out, store)


def write_pages(out: Path, plan: str, store: Store, decisions: ClassDecisions, workers: Workers) -> None:
    """Write the instructor's page and Markdown about each student who has none, or none that is up to date.

    Raises:
        HarnessError: a file can't be written.
    """
    found = _plan_reports(out, plan, store, decisions)
    names = {path.name for path in (out / PRIVATE).iterdir()}
    wanted = {
        student: {report.stem + suffix for suffix in suffixes_on_demand()} for student, (report, _, _) in found.items()
    }
    todo = [student for student, files in wanted.items() if not files <= names]
    for _, outcome in workers.each(map(WritePage, _with_grades(found, todo, plan, store))):
        if isinstance(outcome, Failed):
            raise HarnessError(outcome.text)


def write_page(out: Path, plan: str, store: Store, decisions: ClassDecisions, student: str) -> list[str]:
    """Write the pages about one student: the instructor's, and theirs, if nothing is published of them yet.

    Gives where they are; nothing where there is no grade.

    Raises:
        UsageError: a file can't be written.
    """
    written: list[str] = []
    found = _plan_reports(out, plan, store, decisions, (student,))
    for report in _with_grades(found, found, plan, store):
        audiences: tuple[Audience, ...] = ("instructor",) if report.standing else ("instructor", "student")
        for audience in audiences:
            written += WritePage(report, audience).run(None)  # type: ignore[arg-type]  # it needs no workplace
    return written


class _PlannedReport(NamedTuple):
    """A report to be written; the grade is read once it is known that it is a new one."""

    report: WriteReports
    content: str | None
    made_of: str


def _plan_reports(
    out: Path, plan: str, store: Store, decisions: ClassDecisions, students: Container[str] | None = None
) -> dict[str, _PlannedReport]:
    """What is to be written of each student who has a grade, by id; of these students only, where some are given."""
    told, standing = decisions_by_student(out, plan, store), standing_scores(store, plan)
    found: dict[str, _PlannedReport] = {}
    for row in store.walk_rows(plan):
        if row.sha256:
            attempts = describe_attempts(row.handed, store, plan)
            for each in (student.id for student in row.handed.students if students is None or student.id in students):
                report = _report(out, each, row, (*attempts, *told.get(each, ())), decisions, standing.get(each))
                found[each] = _PlannedReport(report, row.content, _report_key(report, row.sha256))
    return found


def _with_grades(
    found: Mapping[str, _PlannedReport], students: Iterable[str], plan: str, store: Store
) -> Iterator[WriteReports]:
    """The reports of these students, each with its grade."""
    for each in students:
        report, content, _ = found[each]
        yield msgspec.structs.replace(report, blob=store.blob(plan, content) or b"")


def _report(
    out: Path,
    student: str,
    row: SubmissionRow,
    told: tuple[Decision, ...],
    decisions: ClassDecisions,
    standing: Standing | None,
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
        at=row.handed.at,
        attempt=name_attempt(row.handed),
        standing=standing,
    )


def _report_key(report: WriteReports, sha256: str) -> str:
    """What a student's reports follow from."""
    made = f"{sha256}\0{report.student}\0{report.title}\0{__version__}"
    for more in (
        report.decisions,
        report.given,
        report.ruling,
        report.diff,
        report.standing,
        report.at,
        report.attempt,
    ):
        made += f"\0{msgspec.json.encode(more, enc_hook=encode_points).decode()}" if more else ""
    return hashlib.sha256(made.encode("utf-8", "surrogatepass")).hexdigest()
