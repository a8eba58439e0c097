"""What a submission answered, and which of a plan's questions it is asked."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from functools import cached_property
from typing import Any

import msgspec

from grader.checks.question import Answer, Question
from grader.extraction.model import StatementSkipped
from grader.plan.plan import PlannedCheck, PlannedFunction
from grader.sandbox.sandbox import StatementFault
from grader.worker.shared.steps import Ended

#: Which checks of which functions are asked.
Select = Callable[[PlannedFunction, PlannedCheck], bool]
#: For a function, the helpers that the reference answers in place of the submission.
ReplacedHelpers = Mapping[str, tuple[str, ...]]


class Stop(msgspec.Struct, frozen=True):
    """Why a function got no further answers."""

    ended: Ended | None  #: how the child ended; None: the grader failed
    text: str

    @property
    def by_wall(self) -> bool:
        """Whether the wall clock ended it."""
        return self.ended is not None and self.ended.by_wall

    @property
    def is_timeout(self) -> bool:
        """Whether it took too long."""
        return self.ended is not None and self.ended.how == "timeout"


class Answers(msgspec.Struct, frozen=True, dict=True):
    """All answers of a submission."""

    given: dict[int, Answer]  #: by the question's identity
    stops: dict[str, Stop]  #: by function
    faults: tuple[StatementFault, ...]  #: top-level statements that failed while loading
    unbound: frozenset[str]  #: required names that have no callable after loading
    refused: frozenset[str] = frozenset()  #: functions that asked right helpers for more than is allowed
    skipped: tuple[StatementSkipped, ...] = ()  #: statements that were left out for others to be run

    @cached_property
    def judged(self) -> dict[Hashable, tuple[Any, ...]]:
        """What was found of them, by what was judged: several passes look at the same answers."""
        return {}

    def of(self, question: Question) -> Answer | None:
        """The answer to a question; None where it was never asked."""
        return self.given.get(id(question))

    def has_value_of(self, question: Question) -> bool:
        """Whether a question was asked, and answered to its end: what concludes from all answers needs all of them."""
        answer = self.of(question)
        return answer is not None and not any(isinstance(each, Ended) for each in answer.outcomes)

    def join_answers(self, more: Answers) -> Answers:
        """These answers, and those to further questions that have no points: how they ended costs nothing."""
        return msgspec.structs.replace(self, given={**self.given, **more.given})


def has_points(function: PlannedFunction, planned: PlannedCheck) -> bool:
    """Checks that have points, and advice; the others explain, and are asked once points are lost."""
    return planned.has_points
