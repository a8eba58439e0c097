"""Grade what is new, on this machine or a cluster, and what ended for lack of memory once more."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from typing import NamedTuple

import msgspec

from grader.classroom.decisions.fixes import read_fixes
from grader.classroom.decisions.reading import lateness_of_attempts
from grader.classroom.intake.model import StudentSubmission
from grader.classroom.outputs.attempts import attempts_to_grade, choose_attempt
from grader.classroom.stages.order import ClassOrder
from grader.classroom.stages.reading import identify, read_attempts
from grader.classroom.store.store import GradingResult, ReadSubmission, Store, SubmissionRow
from grader.classroom.workers.job import GradingJob
from grader.classroom.workers.pool import Pool, stop_if_hopeless
from grader.classroom.workers.process import Done, Failed, GradingOutcome
from grader.classroom.workers.progress import Watch
from grader.classroom.workers.tasks import GradeIt
from grader.plan.assignment import Assignment
from grader.report.sanitize import line
from grader.rubric.model import AttemptRule, Rubric
from grader.verdict import Verdict

#: Grades submissions, so many at a time.
Grading = Callable[[Iterable[StudentSubmission], int | None], Iterator[GradingOutcome]]
#: Says who is graded a second time, and why.
Describe = Callable[[Sequence[StudentSubmission]], str]

_MOST_NAMED = 5


class GradedRun(NamedTuple):
    """What of a run is still told at its end: little, so that what was read of a large class can go before."""

    handed_in: int
    new: tuple[tuple[str | None, str], ...]  #: of what was to be graded the content, and who handed it in
    odd_fixes: tuple[str, ...]


def grade_handed(
    order: ClassOrder,
    handed: tuple[StudentSubmission, ...],
    rubric: Rubric,
    today: str,
    plan: str,
    store: Store,
    pool: Pool,
    grading: Grading,
    watch: Watch,
) -> GradedRun:
    """Read everything, and grade what is new."""
    fixes = read_fixes(order.out, handed, rubric.most)
    reads = identify(order, handed, fixes, pool, store, watch)
    reads = read_attempts(order, reads, pool, watch)
    new = tuple((row.content, row.handed.id) for row in store.ungraded(plan))
    describe = partial(_describe_second_try, rubric, not order.pseudonyms)
    if plan != today:
        grade_pinned(today, plan, store, grading, watch, describe)
    else:
        grade_new(plan, store, grading, watch)
        rerun_suspects(plan, store, grading, watch, describe)
    settle_attempts(order, reads, plan, store, grading, rubric, watch)
    return GradedRun(len(handed), new, tuple(fixes.odd))


def choose_grading(
    order: ClassOrder, assignment: Assignment, kit: GradingJob, pool: Pool, stack: ExitStack, watch: Watch
) -> Grading:
    """On this machine's cores, or on a cluster's."""
    folder = str(order.folder.resolve())
    if order.scheduler is not None:
        from grader.classroom.workers.cluster import Cluster  # dask.distributed is an extra

        cluster = Cluster(order.scheduler, folder, assignment, kit, pool, watch.say)
        return stack.enter_context(cluster).grade

    def here(handed: Iterable[StudentSubmission], width: int | None) -> Iterator[GradingOutcome]:
        tasks = (GradeIt(folder, each) for each in handed)
        return ((task.handed, outcome) for task, outcome in pool.each(tasks, width, makes_room=width is None))

    return here


def settle_attempts(
    order: ClassOrder,
    reads: list[ReadSubmission],
    plan: str,
    store: Store,
    grading: Grading,
    rubric: Rubric,
    watch: Watch,
) -> None:
    """Keep the attempt that counts of everybody who handed in several, graded as far as that takes."""
    if not any(read.handed.attempts for read in reads):
        return
    rule: AttemptRule = order.attempts or rubric.attempts  # type: ignore[assignment]  # the command line checks it
    todo = attempts_to_grade(reads, rule, store, plan)
    _grade("grading attempts", plan, todo, store, lambda handed: grading(handed, None), watch)
    lateness = lateness_of_attempts(order.out, store)
    store.keep_class([choose_attempt(read, rule, store, plan, lateness) for read in reads])


def grade_new(plan: str, store: Store, grading: Grading, watch: Watch) -> int:
    """Grade every content that the plan hasn't graded yet; gives how many those were."""
    todo = _by_content(store.ungraded(plan))
    _grade("grading", plan, todo, store, lambda handed: grading(handed, None), watch)
    return len(todo)


def grade_pinned(today: str, plan: str, store: Store, grading: Grading, watch: Watch, describe: Describe) -> None:
    """Grade by the versions of today, to know what they would change; by them holds only what has no grade yet."""
    grade_new(today, store, grading, watch)
    rerun_suspects(today, store, grading, watch, describe)
    store.copy_results(_by_content(store.ungraded(plan)), today, plan)


def rerun_suspects(plan: str, store: Store, grading: Grading, watch: Watch, describe: Describe) -> None:
    """Grade again what ended where the machine had no memory left: each has it to itself then."""
    todo = _by_content(store.suspects(plan, Verdict.MEMORY))
    if todo:
        watch.say(describe(list(todo.values())))
    _grade("second try", plan, todo, store, _again(grading), watch)


def _describe_second_try(rubric: Rubric, has_names: bool, handed: Sequence[StudentSubmission]) -> str:
    """Who is tried again, why, and what each may use."""
    count = "1 submission" if len(handed) == 1 else f"{len(handed):,} submissions"
    limit = f"limit {rubric.limits.memory_bytes >> 20:,} MiB each"
    more = f" and {len(handed) - _MOST_NAMED:,} more" if len(handed) > _MOST_NAMED else ""
    names = f": {', '.join(each.id for each in handed[:_MOST_NAMED])}{more}" if has_names else ""
    return line(f"second try for {count} that ran out of memory ({limit}){names}")


def _by_content(rows: Iterable[SubmissionRow]) -> dict[str, StudentSubmission]:
    """The same files are graded once, whoever handed them in."""
    found: dict[str, StudentSubmission] = {}
    for row in rows:
        if row.content:
            found.setdefault(row.content, row.handed)
    return found


def _again(grading: Grading) -> Callable[[Iterable[StudentSubmission]], Iterator[GradingOutcome]]:
    return lambda handed: (
        (each, Done(msgspec.structs.replace(outcome.value, suspect="")) if isinstance(outcome, Done) else outcome)
        for each, outcome in grading(handed, 1)
    )


def _grade(
    what: str,
    plan: str,
    todo: dict[str, StudentSubmission],
    store: Store,
    grading: Callable[[Iterable[StudentSubmission]], Iterator[GradingOutcome]],
    watch: Watch,
) -> None:
    """Grade, and keep each result as soon as it is there."""
    contents = {handed.id: content for content, handed in todo.items()}
    for handed, outcome in watch.each(what, grading(todo.values()), len(todo)):
        stop_if_hopeless(outcome)
        if isinstance(outcome, Failed):
            result = GradingResult(contents[handed.id], Verdict.NOT_GRADED.value, fault=outcome.text)
        else:
            result = outcome.value
        store.keep(plan, result)
