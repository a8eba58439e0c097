"""Every kind of check by its name in a rubric."""

from __future__ import annotations

from grader import rubric
from grader.checks import consistent, gradient, lasting, property, repeatable, source, unchanged, value  # noqa: A004
from grader.checks.question import Kind

KINDS: dict[rubric.Kind, Kind] = {
    "value": value,
    "gradient": gradient,
    "property": property,
    "unchanged": unchanged,
    "repeatable": repeatable,
    "lasting": lasting,
    "consistent": consistent,
    "source": source,
}
