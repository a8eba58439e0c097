"""Whether right helpers answer the same call the same way each time: their answers are kept for a whole class."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from grader.authoring.sections import Section
from grader.checks.kinds import kind_of
from grader.plan.plan import Plan, PlannedFunction
from grader.worker.shared.interpreter import run_here
from grader.worker.shared.requests import NotPlain, encode_request


def purity_section(plan: Plan) -> Section:
    """Whether every function that others need, and that isn't `pure: false`, answers from its arguments alone."""
    needed = {name for each in plan.functions for name in each.function.needs}
    asked = [each for each in plan.functions if each.function.name in needed and each.function.pure]
    asked = [each for each in asked if each.function.seed is None]
    functions = plan.assignment.reference.functions
    said = tuple(
        f"{each.function.name}: the reference answers the same call in another way when it is asked again; where it "
        f"draws or counts, say pure: false"
        for each in asked
        if not _is_steady(each, functions)
    )
    return Section("helpers", f"{len(asked)} that others need answer the same call the same way", said)


def _is_steady(planned: PlannedFunction, functions: Mapping[str, Callable[..., Any]]) -> bool:
    return list(_answers(planned, functions)) == list(_answers(planned, functions))


def _answers(planned: PlannedFunction, functions: Mapping[str, Callable[..., Any]]) -> Iterator[bytes]:
    """What the reference answers to each question in turn, as it would be sent."""
    for check in planned.checks:
        if kind_of(check.check).runs_code:
            for question in check.questions:
                try:
                    yield encode_request([list(map(list, run_here(kind_of(check.check).steps(question), functions)))])
                except NotPlain:  # an object of its own, which no helper hands over
                    yield b""
