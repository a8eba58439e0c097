"""What a submission may use up. Every limit carries its unit; hitting one is a verdict, said with the number."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

#: In one call the wall clock may run this many times longer than the processor's: who waits uses no processor time.
WALL_FACTOR = 5
#: The same where such a call is made once more, on a machine that may be busy.
SECOND_WALL_FACTOR = 8
#: The same for all of a submission: its calls don't all wait.
SUBMISSION_WALL_FACTOR = 4

#: No call has less. Only one that takes longer is held against the reference's own time, of which it may take so many
#: times as much, up to the rubric's `call:`.
FIRST_SECONDS = 0.3
REFERENCE_TIMES = 1000

#: Processor time for reading what was handed in, before any of it runs: no submission of a course takes a tenth of it.
READ_SECONDS = 5.0
#: The same where it is to be turned from Python 2 into Python 3 first.
CONVERT_SECONDS = 30.0

_UNITS = {"s": 1.0, "ms": 0.001, "min": 60.0, "h": 3600.0, "B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}
SECONDS = ("s", "ms", "min")
BYTES = ("B", "KiB", "MiB", "GiB")


class Limits(msgspec.Struct, frozen=True):
    """The limits of one submission; seconds are of the processor clock of its children."""

    call_seconds: float = 2.0
    submission_seconds: float = 10.0
    memory_bytes: int = 1 << 30
    output_bytes: int = 64 << 10  #: of what is printed, this much is kept for each message
    result_bytes: int = 64 << 20


def read_quantity(text: str, units: tuple[str, ...]) -> float:
    """The size of "2 s" in seconds, of "1 GiB" in bytes.

    Raises:
        ValueError: not a positive number followed by one of `units`.
    """
    match = re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z]+)\s*", text)
    if match is None or match[2] not in units or float(match[1]) <= 0:
        raise ValueError(f"{text!r} should be a number and a unit, such as {' or '.join('2 ' + u for u in units)}")
    return float(match[1]) * _UNITS[match[2]]


#: What a person may say of limits, the field that it sets, and its units.
QUANTITIES = {
    "call": ("call_seconds", SECONDS),
    "submission": ("submission_seconds", SECONDS),
    "memory": ("memory_bytes", BYTES),
    "output": ("output_bytes", BYTES),
}


def replace_limits(limits: Limits, said: Mapping[str, str]) -> Limits:
    """The limits with those that are said in their place: {"call": "2 s"}.

    Raises:
        KeyError, ValueError: there is no such limit, or it is no quantity.
    """
    known = {QUANTITIES[name][0]: read_quantity(text, QUANTITIES[name][1]) for name, text in said.items()}
    whole = {field: int(value) if field.endswith("_bytes") else value for field, value in known.items()}
    return msgspec.structs.replace(limits, **whole)
