"""How often checks in Python fail what is right, held against the `false_alarm` that they state.

Few draws can't show a small rate by counting. A comparison with a bound has a statistic, though: how many of its own
standard deviations it stays within the bound says what counting can't, as far as it is spread like a normal number.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import zip_longest
from statistics import NormalDist
from typing import Any, NamedTuple

import msgspec
import numpy as np

from grader.authoring.in_process import with_variant
from grader.authoring.sections import Section
from grader.checks.kinds import answer_here
from grader.checks.written.kind import Written
from grader.plan.plan import Plan, PlannedFunction

#: A stated rate is refuted where it would bring about so many failures, or so narrow a spread, less often than this.
SURE = 0.01
#: Fewer values say too little of a spread.
_FEWEST = 10
#: The name of the reference among right solutions.
REFERENCE = "the reference"
#: What draws can show of a stated rate.
_DIFFERS, _UNMEASURED, _FITS = "differs", "unmeasured", "fits"


class CheckedOnce(msgspec.Struct, frozen=True):
    """What one check in Python found of one right solution, on one draw."""

    function: str
    title: str
    stated: float  #: its false_alarm
    solution: str
    seed: int
    passed: bool
    margins: tuple[float, ...]  #: of each comparison with bounds, how much of what is allowed was used


class Statistic(NamedTuple):
    """One comparison over many draws, in parts of what is allowed."""

    center: float
    spread: float
    draws: int

    @property
    def distance(self) -> float:
        """How many of its own deviations it stays within its bound."""
        return (1 - self.center) / self.spread

    @property
    def highest_distance(self) -> float:
        """What the distance hardly exceeds, so few draws considered."""
        return self.distance * (1 + NormalDist().inv_cdf(1 - SURE) / math.sqrt(2 * (self.draws - 1)))

    def widened_for(self, rate: float) -> float:
        """By how much its bound has to be wider for a rate of failures."""
        return self.center + self.spread * NormalDist().inv_cdf(1 - rate / 2)


def check_chance(plan: Plan) -> Iterator[CheckedOnce]:
    """What the checks that state a rate find on the plan's draw of the reference and of each other right style."""
    for planned in plan.functions:
        rights = dict(_right_solutions(planned, plan))
        for check in planned.checks:
            stated = stated_rate(check.check.specifics)
            for name, functions in rights.items() if stated else ():
                answer = answer_here(check.questions[0], functions)
                passed = answer.finding is not None and answer.finding.passed
                title, function = check.check.title, planned.function.name
                yield CheckedOnce(function, title, stated, name, plan.seed, passed, answer.margins)


def stated_rate(specifics: object) -> float:
    """The `false_alarm` of a check in Python; 0 for others."""
    return specifics.false_alarm if isinstance(specifics, Written) else 0.0


def _right_solutions(planned: PlannedFunction, plan: Plan) -> Iterator[tuple[str, Mapping[str, Callable[..., Any]]]]:
    reference = plan.assignment.reference
    yield REFERENCE, reference.functions
    for variant in reference.of("right", planned.function.name):
        yield f"other style {variant.name!r}", with_variant(plan, variant)


def is_refuted(failures: int, draws: int, stated: float) -> bool:
    """Whether a check whose stated rate is true would hardly ever fail so often."""
    if failures == 0:
        return False
    fewer = sum(math.comb(draws, k) * stated**k * (1 - stated) ** (draws - k) for k in range(failures))
    return 1 - fewer < SURE


def alarms_section(checked: Sequence[CheckedOnce]) -> Iterator[Section]:
    """What all draws show of the stated rates; nothing where none is stated."""
    by: dict[tuple[str, str], list[CheckedOnce]] = defaultdict(list)
    for each in checked:
        by[each.function, each.title].append(each)
    if not by:
        return
    said: dict[str, list[str]] = {_DIFFERS: [], _UNMEASURED: [], _FITS: []}
    for (function, title), found in by.items():
        kind, text = _hold_against_stated(found)
        said[kind].append(f"{function}: {title}: {text}")
    draws = len({each.seed for each in checked})
    summary = f"{len(by)} {'check states' if len(by) == 1 else 'checks state'} a rate, held against {draws} draws"
    yield Section("false alarms", summary, *map(tuple, said.values()))


def _hold_against_stated(found: Sequence[CheckedOnce]) -> tuple[str, str]:
    """Whether the stated rate differs, fits or couldn't be measured, and what is said of it."""
    stated, by = found[0].stated, _by_solution(found)
    worst = max(by.values(), key=lambda each: sum(not one.passed for one in each))
    failures, draws = sum(not one.passed for one in worst), len(worst)
    if is_refuted(failures, draws, stated):
        first = next(one.seed for one in worst if not one.passed)
        return _DIFFERS, (
            f"its false_alarm of {stated:g} can't be true: {worst[0].solution} fails on {failures} of {draws} draws, "
            f"the first is --seed {first}; widen its bound, or state what is true, about {failures / draws:.2g}"
        )
    weakest = min(filter(None, map(_weakest, by.values())), key=lambda each: each.distance, default=None)
    if weakest is not None:
        return _by_spread(stated, weakest, failures, draws)
    if stated * draws >= 1:
        return _FITS, f"it fails on {failures} of {draws} draws, as a false_alarm of {stated:g} allows"
    if draws >= _FEWEST and (used := [abs(margin) for each in found for margin in each.margins]):
        return _FITS, (
            f"{draws} draws can't show a false_alarm of {stated:g}, but its statistic moves on none of them: it uses "
            f"{max(used):.1g} of its bound"
        )
    return _UNMEASURED, (
        f"{draws} draws can't show a false_alarm of {stated:g}, and there is no spread to measure: compare a number "
        f"with draw.close(…, within=…) or draw.between(…), on {_FEWEST} draws or more"
    )


def _by_spread(stated: float, statistic: Statistic, failures: int, draws: int) -> tuple[str, str]:
    stays = f"its statistic stays {statistic.distance:.1f} of its own spread within its bound"
    if _rate_at(statistic.highest_distance) > stated:
        rate = _rate_at(statistic.distance)
        return _DIFFERS, (
            f"its false_alarm of {stated:g} can hardly be true: {stays}, which chance passes on one draw in "
            f"{max(1, round(1 / rate)):,}; make the bound {statistic.widened_for(stated):.1f} times as wide, or state "
            f"{rate:.1g}"
        )
    if stated * draws >= 1:
        return _FITS, f"it fails on {failures} of {draws} draws, as a false_alarm of {stated:g} allows; {stays}"
    return _FITS, f"{draws} draws can't show a false_alarm of {stated:g}, but {stays}"


def _by_solution(found: Sequence[CheckedOnce]) -> dict[str, list[CheckedOnce]]:
    by: dict[str, list[CheckedOnce]] = defaultdict(list)
    for each in found:
        by[each.solution].append(each)
    return by


def _weakest(found: Sequence[CheckedOnce]) -> Statistic | None:
    """Of a solution's comparisons the one whose statistic comes nearest to its bound; None where none has a spread."""
    columns = zip_longest(*(each.margins for each in found), fillvalue=math.nan)
    statistics = filter(None, map(_statistic, columns))
    return min(statistics, key=lambda each: each.distance, default=None)


def _statistic(margins: Sequence[float]) -> Statistic | None:
    values = np.array([margin for margin in margins if math.isfinite(margin)])
    if len(values) < _FEWEST or np.ptp(values) < 1e-9:
        return None
    return Statistic(abs(float(values.mean())), float(values.std(ddof=1)), len(values))


def _rate_at(distance: float) -> float:
    """How often a normal number lies farther from its mean than this, in deviations."""
    return math.erfc(max(distance, 0.0) / math.sqrt(2))
