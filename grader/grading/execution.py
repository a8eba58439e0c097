"""Put a plan's questions to a submission in its children, and gather the answers.

Public questions run in a child that never receives a hidden input, since code can stash what it sees. The first
timeout or death in a function ends that function; the others go on in a fresh child. A fault of ours ends the
function it meets, as `not_graded`, and no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import NamedTuple

import msgspec

from grader.checks.question import Answer, Question
from grader.errors import HarnessError
from grader.extraction.model import Extraction, FunctionFacts
from grader.grading.messages import batch_messages, build_message, concatenate
from grader.plan.plan import Plan, PlannedCheck, PlannedFunction
from grader.rubric.model import RequiredFunction
from grader.sandbox.sandbox import (
    ENDED_BEFORE,
    Helpers,
    JailedChild,
    Message,
    Program,
    Sandbox,
    StatementFault,
    UnsayableError,
)
from grader.worker.shared.steps import Ended, Outcome

Select = Callable[[PlannedFunction, PlannedCheck], bool]
#: Functions with those of their checks that are to be asked.
Batch = list[tuple[PlannedFunction, list[PlannedCheck]]]
ReplacedHelpers = Mapping[str, tuple[str, ...]]


class Stop(msgspec.Struct, frozen=True):
    """Why a function got no further answers."""

    ended: Ended | None  #: how the child ended; None: the grader failed
    text: str


class Answers(msgspec.Struct, frozen=True):
    """All answers of a submission."""

    given: dict[int, Answer]  #: by the question's identity
    stops: dict[str, Stop]  #: by function
    faults: tuple[StatementFault, ...]  #: top-level statements that failed while loading
    unbound: frozenset[str]  #: required names that have no callable after loading

    def of(self, question: Question) -> Answer | None:
        """The answer to a question; None where it was never asked."""
        return self.given.get(id(question))

    def join_answers(self, more: Answers) -> Answers:
        """These answers, and those to further questions that have no points: how they ended costs nothing."""
        return msgspec.structs.replace(self, given={**self.given, **more.given})


def has_points(function: PlannedFunction, planned: PlannedCheck) -> bool:
    """Checks that have points, and advice; the others explain, and are asked once points are lost."""
    return bool(planned.check.points) or planned.kind.advisory


def run_questions(
    plan: Plan,
    extraction: Extraction,
    sandbox: Sandbox,
    select: Select = has_points,
    replaced: ReplacedHelpers = MappingProxyType({}),
    first: JailedChild | None = None,
) -> Answers:
    """The answers to all selected questions. Nothing that a submission does raises here.

    Args:
        select: which checks to ask.
        replaced: for a function, the helpers that the reference answers in place of the submission.
        first: a child in which no code of the submission has run yet, and which nobody else will ask.
    """
    asking = _Run(plan, extraction, sandbox, replaced, first)
    batches = [batch for public in (True, False) for batch in asking.batches(public, select)]
    while batches:
        batches = asking.ask_in_one_child(batches[0]) + batches[1:]
    return Answers(asking.given, asking.stops, tuple(asking.faults), frozenset(asking.unbound))


class _Request(NamedTuple):
    """What a message asks of one function."""

    planned: PlannedFunction
    checks: list[PlannedCheck]
    questions: tuple[Question, ...]
    signature: int
    message: Message


class _Run:
    """One submission's children, one after the other, and what they said."""

    def __init__(
        self, plan: Plan, extraction: Extraction, sandbox: Sandbox, replaced: ReplacedHelpers, first: JailedChild | None
    ) -> None:
        self.plan = plan
        self.replaced = replaced
        self.extraction = extraction
        self.sandbox = sandbox
        self.first = first
        self.given: dict[int, Answer] = {}
        self.stops: dict[str, Stop] = {}
        self.faults: dict[StatementFault, None] = {}
        self.unbound: set[str] = set()
        self.cpu_seconds = 0.0

    def batches(self, public: bool, select: Select) -> list[Batch]:
        """Every function that is there, with its selected checks of one visibility: a batch for the same helpers."""
        by_helpers: dict[tuple[str, ...], Batch] = {}
        for planned in self.plan.functions:
            checks = [check for check in planned.checks if _is_public(check) is public and select(planned, check)]
            if checks and planned.function.name in self.extraction.entries:
                by_helpers.setdefault(self._helpers(planned), []).append((planned, checks))
        return list(by_helpers.values())

    def _helpers(self, planned: PlannedFunction) -> tuple[str, ...]:
        return self.replaced.get(planned.function.name, ())

    def ask_in_one_child(self, batch: Batch) -> list[Batch]:
        """Ask a batch in a fresh child; gives the batches that need another one."""
        batch = [item for item in batch if not self._is_stopped(item[0])]
        names = [planned.function.name for planned, _ in batch]
        if not batch or self._is_used_up(names):
            return []
        try:
            with self._open(self._helpers(batch[0][0])) as child:
                left = self._load_and_ask(child, batch)
        except HarnessError as error:
            if len(batch) > 1:  # one of them met it: which one shows when each is asked by itself
                return [[item] for item in batch]
            self.stops[names[0]] = Stop(None, str(error))
            return []
        self.cpu_seconds += child.cpu_seconds
        return left

    def _is_stopped(self, planned: PlannedFunction) -> bool:
        """Whether there is nothing more to ask: it stopped, or it needs a function that runs without end."""
        name = planned.function.name
        for helper in planned.function.needs:
            stop = self.stops.get(helper)
            if name not in self.stops and stop is not None and stop.ended is not None and stop.ended.how == "timeout":
                self.stops[name] = Stop(stop.ended, f"not asked: it needs {helper}, which ran too long")
        return name in self.stops

    def _open(self, helpers: tuple[str, ...]) -> JailedChild:
        first, self.first = self.first, None
        if first is not None and not helpers:
            return first
        limits = self.plan.rubric.limits
        left = max(limits.submission_seconds - self.cpu_seconds, limits.call_seconds)
        limits = msgspec.structs.replace(limits, submission_seconds=left)
        return self.sandbox.open(limits, self._load_helpers(helpers) if helpers else None)

    def _load_helpers(self, names: tuple[str, ...]) -> Helpers:
        reference = self.plan.assignment.reference
        modules = {file.removesuffix(".py"): text for file, text in reference.sources.items()}
        entries = {name: (reference.functions[name].__module__, name) for name in names}
        return Helpers(Program(modules, entries, self.plan.rubric.packages), names)

    def _load_and_ask(self, child: JailedChild, batch: Batch) -> list[Batch]:
        found = self.extraction.entries
        wanted = {name for p, _ in batch for name in (p.function.name, p.function.root, *p.function.needs)}
        entries = {name: found[name] for name in sorted(wanted) if name in found}
        replaced = self._helpers(batch[0][0])
        loaded = child.load(Program(self.extraction.modules, entries, self.plan.rubric.packages, replaced))
        self.faults |= dict.fromkeys(loaded.faults)
        self.unbound |= set(loaded.unbound)
        if loaded.ended is None:
            return self._ask_all(child, batch)
        if len(batch) > 1:  # what one file does while it is loaded is no other file's fault
            return [[item] for item in batch]
        self.stops[batch[0][0].function.name] = Stop(loaded.ended, f"while the file was loaded: {loaded.ended.text}")
        return []

    def _ask_all(self, child: JailedChild, batch: Batch) -> list[Batch]:
        parts = list(self._requests(batch))
        outcomes: list[Outcome] = []
        for messages in batch_messages([part.message for part in parts]):
            outcomes += child.ask(self.plan.messages.of(messages, partial(concatenate, messages)))
        end = 0
        for position, part in enumerate(parts):
            start, end = end, end + len(part.message.steps)
            self._record_outcomes(part, outcomes[start:end])
            if child.ended is not None and any(isinstance(each, Ended) for each in outcomes[start:end]):
                self.stops[part.planned.function.name] = Stop(child.ended, child.ended.text)
                return [[(each.planned, each.checks) for each in parts[position + 1 :]]]
        return []

    def _requests(self, batch: Batch) -> Iterator[_Request]:
        """What is asked of each function. One with a question that can't be sent is not graded; the others are."""
        for planned, checks in batch:
            if planned.function.name not in self.unbound:
                try:
                    yield self._request(planned, checks)
                except UnsayableError as error:
                    self.stops[planned.function.name] = Stop(None, str(error))

    def _request(self, planned: PlannedFunction, checks: list[PlannedCheck]) -> _Request:
        questions = tuple(question for check in checks for question in check.questions)
        signature = self._signature(planned.function)
        message = self.plan.messages.of((signature, *questions), lambda: build_message(questions, signature))
        return _Request(planned, checks, questions, signature, message)

    def _record_outcomes(self, part: _Request, outcomes: Sequence[Outcome]) -> None:
        """Give each question its outcomes, as far as there are any."""
        facts, end = self.extraction.facts.get(part.planned.function.name, FunctionFacts()), 0
        for question in part.questions:
            start, end = end, end + len(question.steps_for(part.signature))
            mine = tuple(outcomes[start:end])
            if mine and mine[0] is ENDED_BEFORE:
                break
            self.given[id(question)] = Answer(mine, facts)

    def _signature(self, function: RequiredFunction) -> int:
        """Which of its signatures the student's function has."""
        if len(function.signatures) < 2:
            return 0
        takes = self.extraction.facts.get(function.name, FunctionFacts()).takes
        return takes.first_of([signature.passed for signature in function.signatures]) if takes else 0

    def _is_used_up(self, names: Sequence[str]) -> bool:
        """Whether the submission's time is used up; then what is left is not asked."""
        limit = self.plan.rubric.limits.submission_seconds
        if self.cpu_seconds < limit:
            return False
        text = f"the submission used up its {limit:g} s of processor time"
        self.stops |= {name: Stop(Ended("timeout", text), text) for name in names}
        return True


def _is_public(planned: PlannedCheck) -> bool:
    return planned.check.visibility == "public"
