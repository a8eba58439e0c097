"""Take from the source only what the required functions need, with a map back to file, cell and line."""

from __future__ import annotations

import msgspec

from grader.submission import Problem


class LeftOut(msgspec.Struct, frozen=True):
    """A stretch of the submission that isn't run, and why."""

    where: str  #: "line 12", "cell 3, lines 1-4"
    reason: str


class Extraction(msgspec.Struct, frozen=True):
    """What goes into the child, and what a report says about it."""

    modules: dict[str, str]  #: module name -> source, with what is left out blanked: lines stay where they were
    entries: dict[str, tuple[str, str]]  #: required function -> (module, name in it)
    missing: dict[str, str]  #: required function that isn't there, or isn't filled in -> a kind sentence why
    remarks: dict[str, tuple[str, ...]]  #: required function -> e.g. which of several definitions is graded
    left_out: tuple[LeftOut, ...]
    problems: tuple[Problem, ...]
