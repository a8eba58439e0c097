"""Everything on one student, for the instructor's terminal."""

from __future__ import annotations

from collections.abc import Iterator

from grader.classroom.intake.file_names import make_stem
from grader.classroom.outputs.attempts import describe_attempts
from grader.classroom.outputs.gradebook import GradebookRow
from grader.classroom.outputs.student_files import list_reports
from grader.classroom.privacy.people import find_person
from grader.classroom.review.results import Results
from grader.classroom.store.store import SubmissionRow
from grader.report.sanitize import line
from grader.report.wording import points, points_out_of


def describe_student(results: Results, asked: str) -> Iterator[str]:
    """All that is known of a student, in lines.

    Raises:
        UsageError: nobody has this id or mail address, or a file of decisions makes no sense.
    """
    person = find_person(results, asked)
    mine = person.student.id
    yield line("  ".join(filter(None, (mine, *person.names, person.student.email))))
    rows = [row for row in results.store.rows(results.plan) if mine in (each.id for each in row.handed.students)]
    for row in rows:
        yield from _handed_in(row, mine)
        yield from (line(f"  {each.text}") for each in describe_attempts(row.handed, results.store, results.plan))
    entry = next((each for each in results.shown() if each.student.id == mine), None)
    if entry is not None:
        yield from _grade(results, entry)
    for note in results.store.releases.notes(mine):
        yield line(f"release {note.number}, {note.at[:10]}: {note.note or 'published'}")
    for path in list_reports(results.out, make_stem(mine)):
        yield f"  {path}"


def _handed_in(row: SubmissionRow, mine: str) -> Iterator[str]:
    files = ", ".join(part.name or f"{part.place}/" for part in row.handed.parts) or "no file"
    when = f", {row.handed.at}" if row.handed.at else ""
    others = [each.id for each in row.handed.students if each.id != mine]
    together = f", together with {', '.join(others)}" if others else ""
    yield line(f"handed in: {files}{when}{together}")


def _grade(results: Results, entry: GradebookRow) -> Iterator[str]:
    score = "" if entry.score is None else f", {points_out_of(entry.score, results.rubric.most)} points"
    late = f", {entry.lateness}" if entry.lateness else ""
    yield f"{entry.status}{score}{late}"
    for item, given in zip(results.rubric.items, entry.functions, strict=False):
        if given is not None:
            yield line(f"  {item.name}: {points_out_of(given, item.points)}")
    for each in entry.adjustments:
        signed = ", ".join(filter(None, (each.who, each.when)))
        yield line(f"  {each.what}: {each.text}" + (f" ({signed})" if signed else ""), 400)
    if entry.computed is not None and entry.computed != entry.score:
        yield f"  the grader found {points(entry.computed)}"
    yield from (line(f"  {remark}", 400) for remark in entry.remarks)
