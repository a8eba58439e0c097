"""Look for the smallest changes in a class's wrong functions, after it was graded. No score is touched by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from grader.classroom.outputs.refresh import refresh_reports
from grader.classroom.review.regrading import open_stored_plan
from grader.classroom.review.results import Results, open_results
from grader.classroom.store.encoding import decode_grade, encode_grade
from grader.classroom.store.store import GradingResult
from grader.classroom.workers.grader import Explanation
from grader.classroom.workers.pool import Pool, cores, stop_if_hopeless
from grader.classroom.workers.process import Failed
from grader.classroom.workers.progress import Watch
from grader.classroom.workers.tasks import ExplainStored
from grader.errors import UsageError, did_you_mean
from grader.feedback.smallest_change import is_unexplained
from grader.grading.grades import FunctionGrade, Grade


class Explained(msgspec.Struct, frozen=True):
    """What came of it."""

    sources: int  #: that were looked at in this run
    unexplained: int  #: functions of the class, each source once, that nothing else explains
    found: int  #: of these have a change now
    right: int = 0  #: of these have values that were right on the way
    failed: int = 0  #: sources that could not be looked at: the same command tries them again


def explain_class(out: Path, function: str, watch: Watch) -> Explained:
    """Explain what is unexplained, each distinct source once, and renew the reports of whom it is about.

    What is found is kept at once: after an interruption the same call goes on.

    Args:
        function: the only one that is looked at; all where it is empty.

    Raises:
        UsageError: there are no results, or no such function, or the store has no bytes.
        HarnessError: nothing can be graded here.
    """
    with open_results(out) as results:
        names = [each.name for each in results.rubric.functions]
        if function and function not in names:
            raise UsageError(f"there is no function {function!r}{did_you_mean(function, names)}")
        grades = {content: grade for content, grade in _grades(results) if _open_names(grade, function)}
        by_source = _by_source(grades)
        todo = {same[0]: same for same in by_source if _list_left(grades[same[0]], function)}
        with open_stored_plan(results) as kit, Pool(max(1, min(cores(), len(todo))), kit) as pool:
            failed = _explain_all(results, pool, todo, grades, function, watch)
            refresh_reports(out, results.plan, results.store, results.decided, pool, watch)
        firsts = [decode_grade(results.store.blob(results.plan, same[0]) or b"") for same in by_source]
    about = [each for grade in firsts for each in grade.functions if each.name in _open_names(grade, function)]
    changed = sum(each.change is not None for each in about)
    right = sum(bool(each.right_so_far) for each in about)
    return Explained(len(todo) - failed, len(about), changed, right, failed)


def _explain_all(
    results: Results,
    pool: Pool,
    todo: Mapping[str, Sequence[str]],
    grades: Mapping[str, Grade],
    function: str,
    watch: Watch,
) -> int:
    """Keeps each as soon as it is there; gives how many failed."""
    bundles = results.bundles(todo)
    tasks = [
        ExplainStored(content, data, function, dict(grades[content].reference_seconds))
        for content, data in bundles.items()
    ]
    failed = 0
    for task, outcome in watch.each("explaining", pool.each(tasks), len(tasks)):
        stop_if_hopeless(outcome)
        if isinstance(outcome, Failed):
            failed += 1
            continue
        for content in todo[task.content]:
            kept = with_explanations(grades[content], outcome.value, function)
            results.store.keep(results.plan, GradingResult(content, kept.verdict.value, blob=encode_grade(kept)))
    return failed


def with_explanations(grade: Grade, found: Mapping[str, Explanation], function: str) -> Grade:
    """The same grade with what was found for its unexplained functions; no score, and no name, differs."""
    wanted = _open_names(grade, function)
    functions = tuple(
        _with_explanation(each, found.get(each.name, Explanation())) if each.name in wanted else each
        for each in grade.functions
    )
    looked_at = tuple(dict.fromkeys((*grade.looked_at, *wanted)))
    return msgspec.structs.replace(grade, functions=functions, looked_at=looked_at)


def _with_explanation(function: FunctionGrade, found: Explanation) -> FunctionGrade:
    return msgspec.structs.replace(function, change=found.change, right_so_far=found.right_so_far)


def _grades(results: Results) -> Iterator[tuple[str, Grade]]:
    contents = dict.fromkeys(row.content for row in results.store.rows(results.plan) if row.content and row.sha256)
    for content in contents:
        blob = results.store.blob(results.plan, content)
        if blob is not None:
            yield content, decode_grade(blob)


def _open_names(grade: Grade, function: str) -> list[str]:
    return [each.name for each in grade.functions if is_unexplained(each) and function in ("", each.name)]


def _list_left(grade: Grade, function: str) -> list[str]:
    return [name for name in _open_names(grade, function) if name not in grade.looked_at]


def _by_source(grades: Mapping[str, Grade]) -> list[list[str]]:
    """The contents of one source together: the same work in another archive is looked at once."""
    same: dict[str, list[str]] = {}
    for content, grade in grades.items():
        same.setdefault(grade.sources or content, []).append(content)
    return list(same.values())


def describe_explained(found: Explained, out: Path) -> Iterator[str]:
    """What came of it, in lines for people."""
    yield f"{found.sources:,} sources looked at"
    yield f"{found.found:,} of {found.unexplained:,} unexplained functions have a change that makes them right"
    if found.right:
        yield f"{found.right:,} of them have values that were right so far"
    if found.failed:
        yield f"{found.failed:,} could not be looked at, through no fault of theirs; run the same command to try again"
    yield f"what was found stands in your reports, {out / 'private'}/; no score was changed"
