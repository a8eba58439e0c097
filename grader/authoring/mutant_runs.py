"""Put the checks of a rubric to many whole programs, each in the jail, on all cores."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import msgspec
from msgspec.structs import replace

from grader.errors import HarnessError
from grader.extraction.model import Extraction
from grader.grading.execution import has_points, run_questions
from grader.grading.judging import judge
from grader.grading.score import grade_function
from grader.pipeline import prepare_sandbox
from grader.plan.assignment import load_assignment
from grader.plan.plan import OWN, Plan, make_plan
from grader.sandbox.sandbox import Sandbox

#: A program that takes longer for one call than this is wrong enough: the reference takes milliseconds.
CALL_SECONDS = 0.5
#: Programs handed to a process at a time.
_AT_A_TIME = 6


class MutantProgram(msgspec.Struct, frozen=True):
    """A whole solution, and the functions that are asked."""

    modules: dict[str, str]
    entries: dict[str, tuple[str, str]]
    asked: tuple[str, ...]


class MutantResult(msgspec.Struct, frozen=True):
    """What came of one function of a program."""

    function: str
    is_full: bool  #: every point
    is_graded: bool
    caught_by: tuple[str, ...]  #: titles of the checks that have points and found it wrong


RunProgress = Callable[[int], None]


def grade_mutants(
    rubric: str | Path,
    seed: int,
    sandbox: str,
    programs: Sequence[MutantProgram],
    jobs: int = 0,
    progress: RunProgress = print,
) -> list[tuple[MutantResult, ...]]:
    """The marks of every program, in order.

    Args:
        jobs: processes; 0 for one on each core.
        progress: is told how many more are done.

    Raises:
        HarnessError: a process of ours died.
    """
    jobs = jobs or len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else jobs or os.cpu_count() or 1
    batches = [range(i, min(i + _AT_A_TIME, len(programs))) for i in range(0, len(programs), _AT_A_TIME)]
    marks: dict[int, tuple[MutantResult, ...]] = {}
    # Spawned, not forked: this process may have threads.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(jobs, len(batches)) or 1, context, _start, (str(rubric), seed, sandbox)) as pool:
        futures = {pool.submit(_mark, [programs[i] for i in batch]): batch for batch in batches}
        try:
            for future in as_completed(futures):
                marks |= zip(futures[future], future.result(), strict=True)
                progress(len(futures[future]))
        except BrokenProcessPool as error:
            raise HarnessError(f"a process that marks programs died: {error}") from error
    return [marks[i] for i in range(len(programs))]


class MutantGrader:
    """One plan and one sandbox, for many programs."""

    def __init__(self, plan: Plan, sandbox: Sandbox) -> None:
        limits = plan.rubric.limits
        short = replace(limits, call_seconds=min(limits.call_seconds, CALL_SECONDS))
        assignment = replace(plan.assignment, rubric=replace(plan.rubric, limits=short))
        self._plan = replace(plan, assignment=assignment)
        self._sandbox = sandbox

    def marks(self, program: MutantProgram) -> Iterator[MutantResult]:
        """Ask a program all checks of its functions that have points."""
        plan = self._plan
        extraction = Extraction(program.modules, program.entries, {}, {}, (), ())
        answers = run_questions(
            plan, extraction, self._sandbox, lambda p, c: p.function.name in program.asked and has_points(p, c)
        )
        for planned in plan.functions:
            if planned.function.name in program.asked:
                grade = grade_function(planned, plan, extraction, answers)
                judged = judge(planned, plan, extraction, answers, grade.convention or OWN)
                wrong = tuple(item.check.title for item in judged if item.check.points > 0 and not item.passed)
                full = grade.score == grade.max_score
                missing = wrong if wrong or full else tuple(check.title for check in grade.checks)
                yield MutantResult(planned.function.name, full, grade.score is not None, missing)


_marker: MutantGrader | None = None


def _start(rubric: str, seed: int, sandbox: str) -> None:
    """Prepare a process; its zygote ends with it."""
    global _marker
    assignment = load_assignment(rubric)
    box = Sandbox(sandbox)
    prepare_sandbox(box, assignment)
    _marker = MutantGrader(make_plan(assignment, seed), box)


def _mark(programs: Sequence[MutantProgram]) -> list[tuple[MutantResult, ...]]:
    assert _marker is not None
    return [tuple(_marker.marks(program)) for program in programs]
