"""What a student is told in an LMS's own field of comments: the score, where points were lost, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from html import escape

from grader.classroom.decisions.settling import REPAIR
from grader.classroom.outputs.gradebook import GradebookRow
from grader.classroom.publish.filling import OURS
from grader.classroom.review.results import Results
from grader.classroom.store.encoding import decode_grade
from grader.classroom.store.store import SubmissionRow
from grader.grading.grades import FunctionGrade
from grader.grading.manual import MANUAL_KIND, with_items
from grader.report.wording import points, points_out_of, say_mistake
from grader.rubric.model import Rubric


def comments(results: Results, entries: Iterable[GradebookRow]) -> dict[str, str]:
    """A comment as HTML for everyone with a score, by id: nothing hidden, nothing that a submission said."""
    rows = {student.id: row for row in results.store.rows(results.plan) for student in row.handed.students}
    scored = (entry for entry in entries if entry.score is not None)
    return {
        entry.student.id: comment(entry, results.rubric, _functions_with_items(results, rows.get(entry.student.id)))
        for entry in scored
    }


def _functions_with_items(results: Results, row: SubmissionRow | None) -> tuple[FunctionGrade, ...]:
    """What was found, and what persons said of the rest."""
    blob = results.store.blob(results.plan, row.content) if row else None
    if row is None or blob is None:
        return ()
    return with_items(decode_grade(blob), results.rubric.manual, results.decided.by_hand.of(row.handed)).functions


def comment(entry: GradebookRow, rubric: Rubric, graded: Iterable[FunctionGrade]) -> str:
    """The comment for one student, with the entry's points, which people may have changed since it was graded."""
    reasons = {function.name: function for function in graded}
    score = f"{OURS}{points_out_of(entry.score, rubric.most)} points</p>"
    taken = [f"<li>{escape(each.text)}</li>" for each in entry.adjustments if each.what == REPAIR]
    lost = [
        f"<li>{escape(function.name)}: {'; '.join(_words(given, function.points, reasons.get(function.name)))}</li>"
        for function, given in zip(rubric.items, entry.functions, strict=False)
        if given is not None and given < function.points
    ]
    return f"{score}<ul>{''.join([*lost, *taken])}</ul>" if lost or taken else score


def _words(given: Fraction, most: Fraction, graded: FunctionGrade | None) -> Iterator[str]:
    yield f"{points(given)} of {points(most)}"
    for mistake in graded.mistakes if graded else ():
        yield escape(f"{say_mistake(mistake)}. {mistake.hint}".strip())
    for check in graded.checks if graded else ():
        if check.kind == MANUAL_KIND:
            yield escape(check.message)
