"""What `verify` couldn't ask of an assignment: nothing differs where nothing is compared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from grader.authoring.samples import find_samples
from grader.authoring.sections import Section
from grader.plan.plan import Plan
from grader.rubric.model import RequiredFunction

#: Fewer checks with points than these leave most of a function unasked. Of a variable there is one thing to ask.
FEW_CHECKS = 2


def unasked_section(plan: Plan, folder: Path | None) -> Iterator[Section]:
    """What is missing: checks, samples, mistakes; nothing where everything could be asked."""
    missing = [*_checks(plan), *_mistakes(plan), *_samples(folder)]
    if missing:
        summary = "what follows is missing; `grade audit` says what the checks don't catch"
        yield Section("not asked", summary, unasked=tuple(missing))


def _checks(plan: Plan) -> Iterator[str]:
    for function in plan.rubric.functions:
        count = sum(check.points > 0 for check in function.checks)
        if count < FEW_CHECKS and not function.is_variable:
            yield (
                f"{function.name}: few checks: {count} with points; ask for other shapes, for edges, "
                "or whether arguments are left alone"
            )


def _mistakes(plan: Plan) -> Iterator[str]:
    known = {variant.function for variant in plan.assignment.reference.variants if variant.kind == "mistake"}
    lacking = [function.name for function in plan.rubric.functions if _lacks_mistake(function, known)]
    if lacking:
        yield f"no mistake is known of {', '.join(lacking)}: write wrong versions beside the reference, with @mistake"


def _lacks_mistake(function: RequiredFunction, known: set[str]) -> bool:
    return bool(function.points) and function.name not in known


def _samples(folder: Path | None) -> Iterator[str]:
    if folder is None or not any(find_samples(folder)):
        yield "no sample: put a right submission and a wrong one into sample_submissions, each in a folder of its own"
