"""Every kind of check by its name in a rubric: a new one is a module beside this one, and a row here."""

from __future__ import annotations

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
from grader.checks.written import kind as written
from grader.checks.written.line import LineHere
from grader.rubric.model import Check
from grader.worker.shared.interpreter import run_here

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
#: Those that stand beside the reference, and not in a rubric.
BESIDE: dict[str, Kind] = {"python": written.KIND}


def kind_of(check: Check) -> Kind:
    """The kind of a check."""
    return KINDS.get(check.kind) or BESIDE[check.kind]


def answer_here(question: Question, functions: FunctionsByName) -> Answer:
    """What functions of this process answer to a question: an instructor's own code, and nobody else's."""
    converse = kind_of(question.check).converse
    if converse is not None:
        return converse(question, LineHere(functions))
    return Answer(run_here(question.steps, functions))


def message_of(finding: Finding, check: Check) -> str:
    """Why a check wasn't passed, in fixed words; empty where it was."""
    if finding.exception:
        return f"The call raised {finding.exception}."
    if not finding.reason:
        return ""
    said = kind_of(check).reasons.get(finding.reason) or REASONS[finding.reason]
    return f"{said} {finding.promised}".rstrip()
