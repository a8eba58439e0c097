"""All that a process needs to make the class's one plan, where the files are at hand."""

from __future__ import annotations

import msgspec


class GradingJob(msgspec.Struct, frozen=True):
    """All that a process needs to make the class's one plan."""

    rubric: str
    seed: int
    sandbox: str
    fingerprint: str
    secrets: tuple[str, ...] = ()  #: what the jail must find unreadable
    convert_python2: bool = False  #: whether copies are graded in which Python 2 is turned into Python 3
    limits: dict[str, str] = {}  #: in place of the rubric's own
