"""Every kind of check by its name in a rubric."""

from __future__ import annotations

from grader.checks import (
    consistent,
    converges,
    gradient,
    lasting,
    property,  # noqa: A004
    repeatable,
    source,
    unchanged,
    value,
)
from grader.checks.question import Kind
from grader.rubric import model as rubric

KINDS: dict[rubric.Kind, Kind] = {
    "value": value,
    "gradient": gradient,
    "property": property,
    "unchanged": unchanged,
    "repeatable": repeatable,
    "lasting": lasting,
    "converges": converges,
    "consistent": consistent,
    "source": source,
}
