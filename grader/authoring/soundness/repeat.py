"""`grade verify --repeat`: what is right and what is wrong on many draws, so that a check that hangs on the draw shows.

Each draw is one task of the pool. Right samples go through the jail as students' work does; what stands beside the
reference runs in the pool's processes, as it does in `verify`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

import msgspec
from msgspec.structs import replace

from grader.authoring.in_process import grade_here, with_variant
from grader.authoring.mutant_runs import make_job
from grader.authoring.samples import Sample, find_samples
from grader.authoring.sections import Section
from grader.authoring.soundness.alarms import (
    REFERENCE,
    CheckedOnce,
    alarms_section,
    check_chance,
    is_refuted,
    stated_rate,
)
from grader.authoring.soundness.variants import find_fault
from grader.classroom.workers.pool import Pool, cores, stop_if_hopeless
from grader.classroom.workers.process import Failed
from grader.classroom.workers.tasks import WorkerContext
from grader.errors import AssignmentError, BrokenReference, HarnessError
from grader.grading.grades import FunctionGrade
from grader.pipeline import grade_submission
from grader.plan.plan import Plan, PlannedFunction, draw_plan, make_plan
from grader.sandbox.sandbox import Sandbox
from grader.upload import read_submission

Role = Literal["reference", "sample", "other style", "convention", "mistake"]
#: Is told how many more draws are done.
DrawProgress = Callable[[int], None]
#: By function and title: how often checks say that they fail what is right.
StatedRates = Mapping[tuple[str, str], float]


class Observed(msgspec.Struct, frozen=True):
    """What one solution of one function did on one draw, where that isn't as it should be."""

    role: Role
    name: str
    function: str
    checks: tuple[str, ...]  #: of a right one: titles of the checks with points that it lost
    said: str  #: what there is to say, where no check can be named


class Drawn(msgspec.Struct, frozen=True):
    """What one draw showed."""

    seed: int
    solutions: int  #: right ones, each counted once however many functions it has
    mistakes: int
    observed: tuple[Observed, ...]
    checked: tuple[CheckedOnce, ...] = ()  #: by checks in Python that state how often they fail what is right


class TryDraw(msgspec.Struct, frozen=True):
    """Put the questions of one draw to what is right and to what is wrong, in whatever process has time."""

    seed: int
    samples: str  #: the folder of samples; empty for none

    def run(self, workplace: WorkerContext) -> Drawn:
        """Raises as `ProcessGrader.prepare` does, and BrokenReference with the seed where this draw can't be made."""
        plan, sandbox = workplace.station.prepare()
        try:
            checked = tuple(check_chance(plan if plan.seed == self.seed else draw_plan(plan.assignment, self.seed)))
            if any(one.solution == REFERENCE and not one.passed for one in checked):  # by chance, as is stated
                return Drawn(self.seed, 0, 0, (), checked)
            return replace(_try_draw(_plan_of(plan, self.seed), sandbox, self.samples), checked=checked)
        except BaseException:
            workplace.close()
            raise


def repeat_sections(
    plan: Plan, draws: int, samples: Path | None, sandbox: str, jobs: int = 0, progress: DrawProgress = lambda _: None
) -> tuple[Section, ...]:
    """What `draws` draws show, the plan's own and those of the seeds that follow it.

    Args:
        samples: the folder of sample submissions; None for none.
        jobs: processes; 0 for one on each core.

    Raises:
        AssignmentError: a draw breaks the reference or an expression; its seed is named.
        HarnessError: a draw couldn't be tried.
    """
    tasks = [TryDraw(plan.seed + count, str(samples or "")) for count in range(draws)]
    found: list[Drawn] = []
    with Pool(max(1, min(jobs or cores(), draws)), make_job(plan, sandbox)) as pool:
        for task, outcome in pool.each(tasks):
            stop_if_hopeless(outcome)
            if isinstance(outcome, Failed):
                raise HarnessError(f"the draw of --seed {task.seed} couldn't be tried: {outcome.text}")
            found.append(outcome.value)
            progress(1)
    found.sort(key=lambda drawn: drawn.seed)
    checked = [one for drawn in found for one in drawn.checked]
    return summarise(found, _stated(plan)), *alarms_section(checked)


def _stated(plan: Plan) -> StatedRates:
    rates = {(f.function.name, c.check.title): stated_rate(c.check.specifics) for f in plan.functions for c in f.checks}
    return {check: rate for check, rate in rates.items() if rate}


# -- one draw ------------------------------------------------------------------------------------------------------


def _plan_of(plan: Plan, seed: int) -> Plan:
    try:
        return plan if plan.seed == seed else make_plan(plan.assignment, seed)
    except AssignmentError as error:
        raise BrokenReference(f"with --seed {seed}: {error}") from None


def _try_draw(plan: Plan, sandbox: Sandbox, folder: str) -> Drawn:
    samples = [each for each in find_samples(Path(folder)) if is_right(each)] if folder else []
    known = {planned.function.name for planned in plan.functions}
    variants = [variant for variant in plan.assignment.reference.variants if variant.function in known]
    observed = [
        *(lost for planned in plan.functions for lost in _reference(planned, plan)),
        *(lost for sample in samples for lost in _sample(sample, plan, sandbox)),
        *(seen for planned in plan.functions for seen in _variants(planned, plan)),
    ]
    mistakes = sum(variant.kind == "mistake" for variant in variants)
    return Drawn(plan.seed, 1 + len(samples) + len(variants) - mistakes, mistakes, tuple(observed))


def is_right(sample: Sample) -> bool:
    """Whether every function of a sample is expected to have all of its points."""
    return not sample.expected.functions


def _reference(planned: PlannedFunction, plan: Plan) -> Iterator[Observed]:
    yield from _lost("reference", "the reference", grade_here(planned, plan, plan.assignment.reference.functions))


def _sample(sample: Sample, plan: Plan, sandbox: Sandbox) -> Iterator[Observed]:
    for function in grade_submission(read_submission(sample.path), plan, sandbox).functions:
        yield from _lost("sample", sample.folder.name, function)


def _variants(planned: PlannedFunction, plan: Plan) -> Iterator[Observed]:
    reference, name = plan.assignment.reference, planned.function.name
    roles: tuple[tuple[str, Role], ...] = (("right", "other style"), ("convention", "convention"))
    for kind, role in roles:
        for variant in reference.of(kind, name):
            yield from _lost(role, variant.name, grade_here(planned, plan, with_variant(plan, variant)))
    for variant in reference.of("mistake", name):
        if fault := find_fault(variant, planned, plan):
            yield Observed("mistake", variant.name, name, (), fault)


def _lost(role: Role, name: str, grade: FunctionGrade) -> Iterator[Observed]:
    if grade.score == grade.max_score:
        return
    lost = tuple(check.title for check in grade.checks if check.max_score and check.score != check.max_score)
    remark = next(iter(grade.remarks), grade.verdict.value)
    yield Observed(role, name, grade.name, lost, "" if lost else f"loses points: {remark}")


# -- all draws -----------------------------------------------------------------------------------------------------


def summarise(draws: Sequence[Drawn], stated: StatedRates) -> Section:
    """The draws in one line, and a line for each check that right solutions lose and each mistake that escapes.

    A check that loses no oftener than it states is left to what is said of its rate.
    """
    where: dict[tuple[str, str], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    by_chance = _by_chance(draws, stated)
    for drawn in draws:
        for seen in drawn.observed:
            for key in _keys(seen, by_chance):
                where[key][_solution(seen)].append(drawn.seed)
    said = [_line(*key, by, len(draws)) for key, by in where.items()]
    observed = [seen for drawn in draws for seen in drawn.observed if any(_keys(seen, by_chance))]
    losing = {(seen.role, seen.name) for seen in observed if seen.role != "mistake"}
    escaping = {(seen.function, seen.name) for seen in observed if seen.role == "mistake"}
    rights, mistakes = max((drawn.solutions, drawn.mistakes) for drawn in draws)
    summary = (
        f"{len(draws)} draws: {rights - len(losing)} of {rights} right solutions keep every point on each, "
        f"{mistakes - len(escaping)} of {mistakes} mistakes are caught and named on each"
    )
    return Section("repeat", summary, tuple(said))


#: Role and name of a solution, function and title: what it loses as seldom as the check states.
_ByChance = frozenset[tuple[str, str, str, str]]


def _by_chance(draws: Sequence[Drawn], stated: StatedRates) -> _ByChance:
    lost = Counter(
        (seen.role, seen.name, seen.function, title)
        for drawn in draws
        for seen in drawn.observed
        for title in seen.checks
    )
    rare = {key for key, count in lost.items() if not is_refuted(count, len(draws), stated.get(key[2:], 0.0))}
    return frozenset(rare)


def _keys(seen: Observed, by_chance: _ByChance) -> Iterator[tuple[str, str]]:
    """What the lines are about: a check of a function, or what is said of one."""
    if seen.role == "mistake":
        yield seen.function, f"mistake {seen.name!r}: {seen.said}"
    elif not seen.checks:
        yield seen.function, seen.said
    for title in seen.checks:
        if (seen.role, seen.name, seen.function, title) not in by_chance:
            yield seen.function, f"{title}: a right answer loses it"


def _solution(seen: Observed) -> str:
    return "" if seen.role == "mistake" else seen.name if seen.role == "reference" else f"{seen.role} {seen.name!r}"


def _line(function: str, what: str, by: dict[str, list[int]], draws: int) -> str:
    """A check by its name: on how many draws, which solutions lose, and the first seed that shows it."""
    seeds = sorted({seed for each in by.values() for seed in each})
    losers = ", ".join(_times(name, found, len(seeds)) for name, found in by.items() if name)
    flaky = "flaky: " if len(seeds) < draws else ""
    who = f" ({losers})" if losers else ""
    return f"{flaky}{function}: {what} on {len(seeds)} of {draws} draws, the first is --seed {seeds[0]}{who}"


def _times(name: str, seeds: list[int], draws: int) -> str:
    return name if len(seeds) == draws else f"{name} on {len(seeds)}"
