"""What one submission may use up: one allowance of processor time and of wall clock, over all of its children.

How long a call may take hangs on the reference: a thousand times what it takes itself on that input. That is measured
only where a call has taken longer than any may, and kept with the grade, so that a replay holds calls against the same
numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from grader.checks.question import Question
from grader.limits import FIRST_SECONDS, REFERENCE_TIMES, SUBMISSION_WALL_FACTOR, Limits
from grader.plan.plan import Truths
from grader.sandbox.session import NOTHING_SPENT, Spent

#: After so many functions that took too long, all other functions get one short try each.
PATIENCE = 2


class Allowance:
    """What is left of the limits of one submission; whoever has a child run charges it.

    Args:
        known: what the reference took in an earlier run, by question.
        whole: the allowance that this one is a part of.
    """

    def __init__(
        self, limits: Limits, known: Mapping[str, float] = MappingProxyType({}), whole: Allowance | None = None
    ) -> None:
        self.limits = limits
        self.spent = NOTHING_SPENT
        self.slow: set[str] = set()  #: functions of which a call took too long
        self.reference_seconds: dict[str, float] = {}  #: what was looked up, by question
        self._known = known
        self._whole = whole

    def part(self, seconds: float) -> Allowance:
        """So much processor time of this one, or what is left of it, for one purpose."""
        part = Allowance(self.limits, self._known, self)
        spent = self.limits.submission_seconds - seconds
        part.spent = Spent(max(self.spent.cpu, spent), max(self.spent.wall, SUBMISSION_WALL_FACTOR * spent))
        part.slow = self.slow
        part.reference_seconds = self.reference_seconds
        return part

    def once_more(self) -> Allowance:
        """What is left of this one, for the same again: functions that were slow have their time again."""
        part = self.part(self.limits.submission_seconds)
        part.slow = set()
        return part

    def charge(self, used: Spent) -> None:
        """Take what a child has used."""
        self.spent = Spent(self.spent.cpu + used.cpu, self.spent.wall + used.wall)
        if self._whole is not None:
            self._whole.charge(used)

    @property
    def why_used_up(self) -> str:
        """Which limit is used up; empty while there is time left."""
        cpu = self.limits.submission_seconds
        wall = SUBMISSION_WALL_FACTOR * cpu
        if self.spent.cpu >= cpu:
            return f"the submission used up its {cpu:g} s of processor time"
        return f"the submission used up its {wall:g} s by the wall clock" if self.spent.wall >= wall else ""

    @property
    def first_seconds(self) -> float:
        """Processor time that every call has."""
        return min(FIRST_SECONDS, self.limits.call_seconds)

    def call_seconds(self, question: Question, truths: Truths) -> float:
        """Processor time that a call has on this question's input."""
        name = f"{question.function.name}: {question.check.title}, {question.situation.label}"
        if name not in self.reference_seconds:
            seconds = self._known.get(name)
            self.reference_seconds[name] = truths.seconds_of(question) if seconds is None else seconds
        most = REFERENCE_TIMES * self.reference_seconds[name]
        return min(self.limits.call_seconds, max(FIRST_SECONDS, most))
