"""How often a wrong function is right by chance: where results are whole numbers, truths or text, a guess may hit."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from grader.authoring.in_process import with_variant
from grader.authoring.sections import Section
from grader.authoring.trivial import BODIES, trivial_source
from grader.checks.kinds import answer_here, kind_of
from grader.checks.question import Question
from grader.errors import GradeError
from grader.plan.plan import Plan, PlannedFunction, plan_one
from grader.report.wording import points

#: On so many draws each wrong function is asked.
DRAWN_OFTEN = 20
#: After so few it is given up where so many questions were never right.
DRAWN_FIRST = 4
MANY_WRONG = 4
#: What may be.
RARE = 0.01

Functions = Mapping[str, Callable[..., Any]]


class WrongOne(NamedTuple):
    """A wrong function, and whether it may keep no points at all or just not all of them."""

    name: str
    functions: Functions
    is_trivial: bool


def chance_section(plan: Plan) -> Section:
    """How often each trivial and each known wrong function would keep points, where its results are few."""
    few = [planned for planned in plan.functions if _has_few_results(planned, plan)]
    said, highest = [], 0.0
    for planned in few:
        name = planned.function.name
        seeds = range(plan.seed + 1, plan.seed + 1 + DRAWN_OFTEN)
        plans = [plan_one(plan.assignment, planned.function, seed) for seed in seeds]
        for wrong in _wrong_ones(planned, plan):
            chance, kept = _chance(plans, wrong)
            highest = max(highest, chance)
            if chance > RARE:
                said.append(
                    f"{wrong.name}: {name} keeps {points(kept)} of {points(planned.function.points)} on one draw in "
                    f"{max(1, round(1 / chance))}: say times: 20, or draw larger inputs"
                )
    rest = f"; the likeliest keeps points once in {_once_in(highest)} draws" if few else ""
    return Section("chance", f"{len(few)} functions with few possible results{rest}", tuple(said))


def _once_in(chance: float) -> str:
    return f"{1 / chance:,.0f}" if chance > 1e-9 else "more than a billion"


def _has_few_results(planned: PlannedFunction, plan: Plan) -> bool:
    """Whether a drawn check's truths are whole numbers, truths or text."""
    truths = [plan.truths.of(q) for c in planned.checks if c.is_drawn_value and c.check.points for q in c.questions]
    return any(map(_is_discrete, truths))


def _is_discrete(truth: Any) -> bool:
    if isinstance(truth, (tuple, list)):
        return all(map(_is_discrete, truth))
    if isinstance(truth, (str, bool)) or truth is None:
        return True
    array = np.asarray(truth) if isinstance(truth, (int, float, np.generic, np.ndarray)) else np.zeros(0)
    return array.size > 0 and array.size <= 3 and array.dtype.kind in "biuf" and bool(np.all(array == np.round(array)))


def _wrong_ones(planned: PlannedFunction, plan: Plan) -> Iterator[WrongOne]:
    functions, root = plan.assignment.reference.functions, planned.function.root
    if "." not in planned.function.name and not planned.function.is_variable:
        for name, body in BODIES.items():
            namespace: dict[str, Any] = {}
            exec(trivial_source(plan.rubric, body), namespace)
            yield WrongOne(name, {**functions, root: namespace[root]}, True)
    for variant in plan.assignment.reference.of("mistake", planned.function.name):
        yield WrongOne(variant.name, with_variant(plan, variant), False)


def _chance(plans: list[Plan], wrong: WrongOne) -> tuple[float, Fraction]:
    """How likely it keeps what it shouldn't, and how much that is: a question's chance is that of its draws."""
    planned = plans[0].functions[0]
    paid = [at for at, item in enumerate(planned.checks) if item.check.points]
    drawn = [at for at in paid if planned.checks[at].is_drawn_value]
    right: dict[int, list[list[bool]]] = defaultdict(list)
    for count, plan in enumerate(plans, 1):
        for at in drawn if wrong.is_trivial else paid:
            # By what they are about, since their order may be drawn too.
            questions = sorted(plan.functions[0].checks[at].questions, key=lambda question: question.situation.label)
            right[at].append([_is_right(plan, q, wrong.functions) for q in questions])
        if count == DRAWN_FIRST and all(_is_hopeless(rows) for rows in right.values()):
            break
    chances = {at: math.prod(map(_share, zip(*rows, strict=True))) for at, rows in right.items()}
    if not wrong.is_trivial:
        return math.prod(chances.values()), planned.function.points
    best = max(drawn, key=lambda at: chances[at])
    return chances[best], planned.checks[best].check.points


def _is_hopeless(rows: list[list[bool]]) -> bool:
    """Whether so many questions were wrong in every draw that all of them are hardly ever right at once."""
    return sum(not any(column) for column in zip(*rows, strict=True)) >= MANY_WRONG


def _share(answers: tuple[bool, ...]) -> float:
    return sum(answers) / len(answers)


def _is_right(plan: Plan, question: Question, functions: Functions) -> bool:
    with np.errstate(all="ignore"):
        answer = answer_here(question, functions)
    try:
        return kind_of(question.check).judge(question, plan.truths.of(question), answer).passed
    except GradeError:
        raise
    except Exception:  # noqa: BLE001 - a judge that stumbles over it doesn't find it right
        return False
