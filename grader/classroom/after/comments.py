"""What a student is told in an LMS's own field of comments: the score, where points were lost, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from html import escape

from grader.classroom.after.filling import OURS
from grader.classroom.after.opening import Results
from grader.classroom.blob import from_blob
from grader.classroom.gradebook import Entry
from grader.grades import FunctionGrade
from grader.report.words import points, points_of
from grader.rubric import Rubric


def comments(results: Results, entries: Iterable[Entry]) -> dict[str, str]:
    """A comment as HTML for everyone with a score, by id: nothing hidden, nothing that a submission said."""
    contents = {student.id: row.content for row in results.store.rows(results.plan) for student in row.handed.students}
    found = {}
    for entry in entries:
        blob = results.store.blob(results.plan, contents.get(entry.student.id))
        if entry.score is not None:
            functions = from_blob(blob).functions if blob else ()
            found[entry.student.id] = comment(entry, results.rubric, functions)
    return found


def comment(entry: Entry, rubric: Rubric, graded: Iterable[FunctionGrade]) -> str:
    """The comment for one student, with the entry's points, which people may have changed since it was graded."""
    reasons = {function.name: function for function in graded}
    score = f"{OURS}{points_of(entry.score, rubric.points)} points</p>"
    lost = [
        f"<li>{escape(function.name)}: {'; '.join(_words(given, function.points, reasons.get(function.name)))}</li>"
        for function, given in zip(rubric.functions, entry.functions, strict=False)
        if given is not None and given < function.points
    ]
    return f"{score}<ul>{''.join(lost)}</ul>" if lost else score


def _words(given: Fraction, most: Fraction, graded: FunctionGrade | None) -> Iterator[str]:
    yield f"{points(given)} of {points(most)}"
    for mistake in graded.mistakes if graded else ():
        yield escape(f"{mistake.name}. {mistake.hint}".strip())
