"""Wrong solutions that are caught on some draws and keep every point on others: whoever catches them does so by luck.

Asked again are those that a single check caught, or none: where several agree, it was no luck.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import NamedTuple

import msgspec

from grader.authoring.in_process import find_catching_checks, run_all, with_variant
from grader.authoring.matrix import MatrixColumn, Wrong
from grader.authoring.mutant_runs import MutantProgram, MutantResult, grade_on_draws
from grader.plan.plan import Plan, make_plan
from grader.reference import Variant

#: Is told how many more of the draws are done, and of how many.
DrawsDone = Callable[[int, int], None]


class Luck(msgspec.Struct, frozen=True):
    """A wrong solution that is caught on some draws only."""

    kind: str
    function: str
    name: str
    diff: str
    checks: tuple[MatrixColumn, ...]  #: that caught it on one draw or another
    caught: int  #: on how many draws
    draws: int
    escaping: int  #: the seed of the first draw on which it keeps every point


class AskedAgain(NamedTuple):
    """A wrong solution with what runs it: a program in the jail, or a mistake beside the reference."""

    wrong: Wrong
    way: MutantProgram | Variant


class _Mark(NamedTuple):
    caught: bool
    checks: tuple[MatrixColumn, ...]


def is_thin(wrong: Wrong) -> bool:
    """Whether a wrong solution was caught by a single check, or by none."""
    return len(wrong.caught_by) <= 1 and not wrong.equivalent and not wrong.fault


def find_luck(
    plan: Plan, again: Sequence[AskedAgain], draws: int, sandbox: str, jobs: int, progress: DrawsDone
) -> tuple[Luck, ...]:
    """Those that some of `draws` draws catch, and others don't: the plan's own and those of the seeds after it.

    Raises:
        AssignmentError: a draw breaks the reference.
        NoSandboxError: there is no jail here.
    """
    seeds = [plan.seed + count for count in range(1, draws)]
    found = {plan.seed: [_Mark(each.wrong.caught, each.wrong.caught_by) for each in again]}
    if again:
        found |= _ask(plan, again, seeds, sandbox, jobs, progress)
    rows = ({seed: marks[at] for seed, marks in found.items()} for at in range(len(again)))
    return tuple(luck for each, row in zip(again, rows, strict=True) for luck in _judge(each.wrong, row))


def _ask(
    plan: Plan, again: Sequence[AskedAgain], seeds: Sequence[int], sandbox: str, jobs: int, progress: DrawsDone
) -> dict[int, list[_Mark]]:
    """The marks of all of them on each draw."""
    programs = [each.way for each in again if isinstance(each.way, MutantProgram)]
    done, due = count(1), len(programs) * len(seeds)
    results = grade_on_draws(plan, sandbox, programs, seeds, jobs, lambda _: progress(next(done), due)) if due else []
    marks: dict[int, list[_Mark]] = {}
    for at, seed in enumerate(seeds):
        of_seed = iter(results[at] if results else ())
        drawn = make_plan(plan.assignment, seed)
        marks[seed] = [
            _ask_mistake(drawn, each.way) if isinstance(each.way, Variant) else _sum(next(of_seed)) for each in again
        ]
    return marks


def _sum(marks: Sequence[MutantResult]) -> _Mark:
    lost = any(not mark.is_full for mark in marks)  # one that couldn't be graded isn't said to be luck
    return _Mark(lost, tuple((mark.function, title) for mark in marks for title in mark.caught_by))


def _ask_mistake(plan: Plan, mistake: Variant) -> _Mark:
    planned = next(each for each in plan.functions if each.function.name == mistake.function)
    caught, titles = find_catching_checks(planned, plan, run_all(planned, with_variant(plan, mistake)))
    return _Mark(caught, tuple((mistake.function, title) for title in titles))


def _judge(wrong: Wrong, row: dict[int, _Mark]) -> Iterator[Luck]:
    escaping = [seed for seed, mark in row.items() if not mark.caught]
    if escaping and len(escaping) < len(row):
        checks = dict.fromkeys(check for mark in row.values() for check in mark.checks)
        caught = len(row) - len(escaping)
        yield Luck(wrong.kind, wrong.function, wrong.name, wrong.diff, tuple(checks), caught, len(row), escaping[0])
