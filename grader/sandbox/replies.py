"""What a child's reply says. In a class most answers are the same to the last bit: those are taken apart once."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from grader.sandbox.tally import weigh
from grader.worker.shared.interpreter import reported_value
from grader.worker.shared.messages import (
    RAISED,
    RETURNED,
    SKIPPED,
    body_of,
    build_outcome,
    decode_fields,
    reply_sizes,
)
from grader.worker.shared.steps import Outcome, StoreValue
from grader.worker.shared.wire import Caps

_STEPS = frozenset({RETURNED, RAISED, SKIPPED})

# At most 32 MiB in all, however many submissions there are: the bytes and the value.
SHORT_BYTES = 2048
_KEPT = 1 << 13
#: Room for whatever a step of ours stores.
_OUR_OWN = reply_sizes(output_bytes=0, result_bytes=1 << 40)


class Told(NamedTuple):
    """The outcome of a step, and how much was told with it, as a `Tally` counts it."""

    outcome: Outcome
    weight: int


def decode_reply(kind: int, body: bytes, caps: Caps) -> Any:
    """What is told of a step, or the fields of any other reply. Raises `BadFrame`.

    It is one and the same object for the same short bytes.
    """
    if kind not in _STEPS:
        return decode_fields(kind, body, caps)
    return _known(kind, body, caps) if len(body) <= SHORT_BYTES else _decode_told(kind, body, caps)


def _decode_told(kind: int, body: bytes, caps: Caps) -> Told:
    outcome = build_outcome(kind, decode_fields(kind, body, caps))
    return Told(outcome, weigh(outcome))


_known = lru_cache(_KEPT)(_decode_told)


def outcome_of_storing(step: StoreValue) -> Outcome:
    """The outcome of a step of which nothing is told: what its value is once it was sent there and back."""
    body = body_of(reported_value(step, step.value), ("",), _OUR_OWN)
    told: Told = decode_reply(RETURNED, body, _OUR_OWN.reply)
    return told.outcome
