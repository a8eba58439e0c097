"""Every kind of check by its name in a rubric: a new one is a module beside this one, and a row here."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from grader.checks import (
    consistent,
    converges,
    gradient,
    lasting,
    property,  # noqa: A004
    raises,
    repeatable,
    source,
    unchanged,
    value,
)
from grader.checks.finding import REASONS, Finding
from grader.checks.question import Answer, FunctionsByName, Kind, Question
from grader.rubric.model import Check
from grader.worker.shared.interpreter import run_here
from grader.worker.shared.steps import Outcome, Returned

KINDS: dict[str, Kind] = {
    "value": value.KIND,
    "gradient": gradient.KIND,
    "property": property.KIND,
    "raises": raises.KIND,
    "unchanged": unchanged.KIND,
    "repeatable": repeatable.KIND,
    "lasting": lasting.KIND,
    "converges": converges.KIND,
    "consistent": consistent.KIND,
    "source": source.KIND,
}


def kind_of(check: Check) -> Kind:
    """The kind of a check."""
    return KINDS.get(check.kind) or _kind_in_python()


@cache
def _kind_in_python() -> Kind:
    """Of the checks that stand beside a reference, and not in a rubric: few assignments have any."""
    from grader.checks.written.kind import KIND

    return KIND


def answer_here(question: Question, functions: FunctionsByName) -> Answer:
    """What functions of this process answer to a question: an instructor's own code, and nobody else's."""
    converse = kind_of(question.check).converse
    if converse is not None:
        from grader.checks.written.line import LineHere  # late, likewise

        return converse(question, LineHere(functions))
    ways = (run_here(steps, functions) for steps in (question.steps, *question.others))
    first = next(ways)
    if len(question.calls) == 1 or fits(first):
        return Answer(first)
    return Answer(next(filter(fits, ways), first))


def fits(outcomes: Sequence[Outcome]) -> bool:
    """Whether a call could be made in the way in which it was written."""
    return all(isinstance(outcome, Returned) for outcome in outcomes)


def message_of_broken_check() -> str:
    """What is said of a check in Python that failed by itself."""
    return _kind_in_python().reasons["check"]


def message_of(finding: Finding, check: Check) -> str:
    """Why a check wasn't passed, in fixed words; empty where it was."""
    if finding.exception:
        return f"The call raised {finding.exception}."
    if not finding.reason:
        return ""
    said = kind_of(check).reasons.get(finding.reason) or REASONS[finding.reason]
    return f"{said} {finding.promised}".rstrip()
