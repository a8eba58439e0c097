"""One submission as it was graded: what explaining its lost points starts from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import msgspec

from grader.extraction.model import Extraction
from grader.grading.allowance import Allowance
from grader.grading.answers import Answers
from grader.plan.plan import Plan
from grader.sandbox.sandbox import Sandbox

if TYPE_CHECKING:
    from grader.extraction.changes.model import Changes
    from grader.grading.carry_forward import CarriedRun


class GradedSubmission(msgspec.Struct, frozen=True):
    """One submission as it was graded, as far as those have to know it who ask it more."""

    plan: Plan
    extraction: Extraction
    sandbox: Sandbox
    answers: Answers
    carried: Mapping[str, CarriedRun]
    allowance: Allowance


class FurtherSearch(msgspec.Struct, frozen=True):
    """What is looked for besides: with `grade explain` changes too, for one submission right values alone."""

    list_changes: Callable[[str], Changes | None] | None  #: of a function; gives None where there are none to be tried
    only: str  #: the one function that is looked at; all where it is empty
    with_named: bool  #: whether right values are looked for, too, where a name explains a function already
    with_seen: bool = False  #: the same where a name says no more than which numbers are wrong
