"""The closed list of verdicts and the order in which they win."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Verdict(StrEnum):
    """How a check, a function or a submission ended."""

    PASSED = "passed"
    CARRIED = "carried"
    PARTLY = "partly"
    FAILED = "failed"
    MISSING = "missing"
    ERROR = "error"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    AWAITING = "awaiting"
    NOT_GRADED = "not_graded"


#: At zero points, the first of these that any check ended in names the function's verdict.
AT_ZERO = (Verdict.MISSING, Verdict.TIMEOUT, Verdict.MEMORY, Verdict.ERROR, Verdict.FAILED)

#: Verdicts that leave a score open: null in JSON, an empty cell in a gradebook.
OPEN = (Verdict.NOT_GRADED, Verdict.AWAITING)


def first_verdict(order: Iterable[Verdict], found: Iterable[Verdict]) -> Verdict | None:
    """The first verdict of `order` that is among `found`, or None."""
    present = set(found)
    return next((verdict for verdict in order if verdict in present), None)
