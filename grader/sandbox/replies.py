"""What a child's reply says. In a class most answers are the same to the last bit: those are taken apart once."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from grader.worker.shared.messages import RAISED, RETURNED, SKIPPED, build_outcome, decode_fields
from grader.worker.shared.steps import Outcome
from grader.worker.shared.wire import Caps

_STEPS = frozenset({RETURNED, RAISED, SKIPPED})

# At most 32 MiB in all, however many submissions there are: the bytes and the value.
SHORT_BYTES = 2048
_KEPT = 1 << 13


def decode_reply(kind: int, body: bytes, caps: Caps) -> Any:
    """The outcome of a step, or the fields of any other reply. Raises `BadFrame`.

    An outcome is one and the same object for the same bytes.
    """
    if kind not in _STEPS:
        return decode_fields(kind, body, caps)
    return (
        _known_fields(kind, body, caps)
        if len(body) <= SHORT_BYTES
        else build_outcome(kind, decode_fields(kind, body, caps))
    )


@lru_cache(_KEPT)
def _known_fields(kind: int, body: bytes, caps: Caps) -> Outcome:
    return build_outcome(kind, decode_fields(kind, body, caps))
