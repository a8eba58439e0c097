"""Put the checks of a rubric to many whole programs, each in the jail, on all cores."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec.structs import replace

from grader.classroom.store.fingerprint import fingerprint_parts, make_fingerprint
from grader.classroom.workers.job import GradingJob
from grader.classroom.workers.pool import Pool, cores, stop_if_hopeless
from grader.classroom.workers.process import Done, Failed
from grader.classroom.workers.tasks import WorkerContext
from grader.extraction.model import Extraction
from grader.grading.answers import has_points
from grader.grading.execution import run_questions
from grader.grading.judging import judge
from grader.grading.score import grade_function
from grader.plan.plan import OWN_CONVENTION, Plan, make_plan
from grader.sandbox.sandbox import Sandbox

#: A program that takes longer for one call than this is wrong enough: the reference takes milliseconds.
CALL_SECONDS = 0.5


class MutantProgram(msgspec.Struct, frozen=True):
    """A whole solution, and the functions that are asked."""

    modules: dict[str, str]
    entries: dict[str, tuple[str, str]]
    asked: tuple[str, ...]


class MutantResult(msgspec.Struct, frozen=True):
    """What came of one function of a program."""

    function: str
    is_full: bool  #: every point
    caught_by: tuple[str, ...]  #: titles of the checks that have points and found it wrong
    fault: str = ""  #: why nothing came of it, where that was our side


RunProgress = Callable[[int], None]


def grade_mutants(
    plan: Plan, sandbox: str, programs: Sequence[MutantProgram], jobs: int = 0, progress: RunProgress = print
) -> list[tuple[MutantResult, ...]]:
    """The marks of every program, in order. One that its process dies of, twice, has marks with a fault.

    Args:
        jobs: processes; 0 for one on each core.
        progress: is told how many more are done.

    Raises:
        UsageError: a file of the assignment changed meanwhile.
        NoSandboxError: there is no jail here.
    """
    (marks,) = grade_on_draws(plan, sandbox, programs, (plan.seed,), jobs, progress)
    return marks


def grade_on_draws(
    plan: Plan,
    sandbox: str,
    programs: Sequence[MutantProgram],
    seeds: Sequence[int],
    jobs: int = 0,
    progress: RunProgress = print,
) -> list[list[tuple[MutantResult, ...]]]:
    """As `grade_mutants`, once on the draw of each seed."""
    marks: dict[tuple[int, int], tuple[MutantResult, ...]] = {}
    tasks = [MarkIt(number, program, seed) for seed in seeds for number, program in enumerate(programs)]
    with Pool(max(1, min(jobs or cores(), len(tasks))), make_job(plan, sandbox)) as pool:
        for task, outcome in pool.each(tasks):
            stop_if_hopeless(outcome)
            marks[task.seed, task.number] = _marks(task.program, outcome)
            progress(1)
    return [[marks[seed, number] for number in range(len(programs))] for seed in seeds]


def make_job(plan: Plan, sandbox: str) -> GradingJob:
    """What each process of a pool makes this plan from."""
    assignment = plan.assignment
    fingerprint = make_fingerprint(fingerprint_parts(assignment, plan.seed, sandbox))
    secrets = (Path(assignment.rubric.file), *assignment.reference.folders)
    return GradingJob(assignment.rubric.file, plan.seed, sandbox, fingerprint, tuple(map(str, secrets)))


def _marks(program: MutantProgram, outcome: Done | Failed) -> tuple[MutantResult, ...]:
    if isinstance(outcome, Failed):
        return tuple(MutantResult(name, False, (), outcome.text) for name in program.asked)
    marks: tuple[MutantResult, ...] = outcome.value
    return marks


class MarkIt(msgspec.Struct, frozen=True):
    """Put the checks to one program, in whatever process has time."""

    number: int
    program: MutantProgram
    seed: int

    def run(self, workplace: WorkerContext) -> tuple[MutantResult, ...]:
        """Raises as `Station.prepare` does. After a failure the sandbox is a new one."""
        plan, sandbox = workplace.station.prepare()
        try:
            return tuple(MutantGrader(_draw_anew(plan, self.seed), sandbox).marks(self.program))
        except BaseException:
            workplace.close()
            raise


#: In a worker: the plan of the draw that was asked for last, by its seed. Tasks come draw by draw.
_DRAWN: dict[int, Plan] = {}


def _draw_anew(plan: Plan, seed: int) -> Plan:
    if seed == plan.seed:
        return plan
    if seed not in _DRAWN:
        _DRAWN.clear()
        _DRAWN[seed] = make_plan(plan.assignment, seed)
    return _DRAWN[seed]


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
        self._sandbox.begin_submission()
        extraction = Extraction(program.modules, program.entries, {}, {}, (), ())
        answers = run_questions(
            plan, extraction, self._sandbox, lambda p, c: p.function.name in program.asked and has_points(p, c)
        )
        for planned in plan.functions:
            if planned.function.name in program.asked:
                grade = grade_function(planned, plan, extraction, answers)
                judged = judge(planned, plan, extraction, answers, grade.convention or OWN_CONVENTION)
                wrong = tuple(item.check.title for item in judged if item.check.points > 0 and not item.passed)
                full = grade.score == grade.max_score
                missing = wrong if wrong or full else tuple(check.title for check in grade.checks)
                yield MutantResult(planned.function.name, full, missing)
