"""Put a plan's questions to a submission in its children, and gather the answers.

In each child all public questions are asked and answered before the first hidden input is sent, since code can stash
what it sees: what answers publicly has not yet received a hidden input. Nothing that is shown to students is ever said
by a child that has. The first timeout or death in a function ends that function; the others go on in a fresh child. A
fault of ours ends the function it meets, as `not_graded`, and no other.

All children together have one allowance. A call that the wall clock ended, which a busy machine can bring about, is
made once more in the end. After a submission's second timeout the other functions get one short try each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Self

import msgspec

from grader.checks.kinds import fits, kind_of
from grader.checks.question import Answer, Question
from grader.errors import HarnessError
from grader.extraction.model import Extraction, FunctionFacts, StatementSkipped
from grader.grading.allowance import PATIENCE, Allowance
from grader.grading.answers import Answers, ReplacedHelpers, Select, Stop, has_points
from grader.grading.messages import batch_messages, build_message, concatenate
from grader.limits import SECOND_WALL_FACTOR, WALL_FACTOR
from grader.plan.plan import Plan, PlannedCheck, PlannedFunction
from grader.rubric.model import RequiredFunction
from grader.sandbox.helper_meter import HelperAllowance
from grader.sandbox.sandbox import (
    ENDED_BEFORE,
    Helpers,
    JailedChild,
    Loaded,
    Message,
    Program,
    Sandbox,
    StatementFault,
    StatementPlace,
    UnsayableError,
    make_message,
)
from grader.sandbox.session import StepLimits, describe_flood
from grader.sandbox.tally import TOLD_TOO_MUCH
from grader.worker.shared.steps import Ended, Outcome, Step

if TYPE_CHECKING:
    from grader.checks.written.line import Callbacks

#: So many statements that end the process are left out one by one; after that, the file can't be loaded.
MAX_SKIPPED = 5


class Part(msgspec.Struct, frozen=True):
    """Those checks of one function that are asked together: all of them public, or none."""

    planned: PlannedFunction
    checks: list[PlannedCheck]
    public: bool

    @property
    def name(self) -> str:
        """The function's."""
        return self.planned.function.name


#: What is asked with the same helpers, the public parts first.
Batch = list[Part]


def run_questions(
    plan: Plan,
    extraction: Extraction,
    sandbox: Sandbox,
    select: Select = has_points,
    replaced: ReplacedHelpers = MappingProxyType({}),
    allowance: Allowance | None = None,
) -> Answers:
    """The answers to all selected questions, from children that nobody has asked before; see `Interview`."""
    allowance = allowance or Allowance(plan.rubric.limits)
    with Interview(plan, extraction, sandbox, allowance, replaced) as interview:
        return interview.ask(select)


class _EndedInTrial(Exception):  # noqa: N818 - it says what happened
    """A child ended while it was found out how a function can be called."""


class _Request(msgspec.Struct, frozen=True):
    """What a message asks of one function."""

    part: Part
    questions: tuple[Question, ...]
    forms: tuple[int, ...]  #: of each question, which signature or way of the call it has
    message: Message

    @property
    def asking(self) -> list[Question]:
        """For each step the question that it belongs to."""
        return [each for each, form in self.pairs for _ in each.steps_for(form)]

    @property
    def pairs(self) -> list[tuple[Question, int]]:
        """Each question with its signature or way of the call."""
        return list(zip(self.questions, self.forms, strict=True))


class Interview:
    """One submission's children, one after the other, and what they say. A context manager, which ends the last one.

    Nothing that a submission does raises here.

    Args:
        allowance: what the submission may still use.
        replaced: for a function, the helpers that the reference answers in place of the submission.
        first: a child in which no code of the submission has run yet, and which nobody else will ask.
    """

    def __init__(
        self,
        plan: Plan,
        extraction: Extraction,
        sandbox: Sandbox,
        allowance: Allowance,
        replaced: ReplacedHelpers = MappingProxyType({}),
        first: JailedChild | None = None,
    ) -> None:
        self.plan = plan
        self.allowance = allowance
        self.replaced = replaced
        self.extraction = extraction
        self.sandbox = sandbox
        self.first = first
        self.child: _OpenChild | None = None
        self.given: dict[int, Answer] = {}
        self.stops: dict[str, Stop] = {}
        self.faults: dict[StatementFault, None] = {}
        self.unbound: set[str] = set()
        self.skipped = extraction.skipped
        self.waited: set[StatementPlace] = set()  # statements that had a second try
        self.refused: set[str] = set()
        self.ways: dict[tuple[str, str], int] = {}  # in which a call can be made, by function and check
        self.hasty: set[str] = set()  # functions that had a short try
        self.again = False  # whether it is the second try

    def ask(self, select: Select) -> Answers:
        """The answers to all selected questions: in the child that answered before, where it may be asked these."""
        self.given, self.stops, self.again = {}, {}, False
        batches = sorted(self._batches(select), key=self._needs_another_child)
        self._ask_batches(batches)
        if waited := {name for name, stop in self.stops.items() if stop.by_wall} - self.hasty:
            self.stops = {name: stop for name, stop in self.stops.items() if name not in waited}
            self.again = True
            self._ask_batches([[part for part in batch if part.name in waited] for batch in batches])
        found = tuple(self.faults), frozenset(self.unbound), frozenset(self.refused)
        return Answers(self.given, self.stops, *found, self.skipped)

    def _needs_another_child(self, batch: Batch) -> bool:
        return self.child is not None and self.child.helpers != self._helpers(batch[0].planned)

    def try_with_helpers(self, names: Sequence[str], helpers: tuple[str, ...], select: Select) -> Answers | None:
        """What these functions answer with right helpers, in the child that has answered all else; None if it can't.

        It has received hidden inputs, so none of this is to be shown, and nothing more may be asked of it. Raises
        nothing, whatever the submission does.
        """
        child, self.given, self.stops = self.child, {}, {}
        if child is None or child.process.ended is not None or child.helpers or not child.functions >= {*names}:
            return None
        try:
            self.sandbox.give_helpers(child.process, self.allowance.limits, self._load_helpers(helpers))
            self.replaced = dict.fromkeys(names, helpers)
            parts = [part for batch in self._batches(select) for part in batch if part.name in self.replaced]
            stopped = None if self._is_used_up(parts) or child.process.ended is not None else self._ask_parts(parts)
        except (HarnessError, _EndedInTrial):
            stopped = None
        ended = child.process.ended
        self.close()
        whole = ended is None and stopped is None and not self.stops
        return Answers(self.given, {}, (), frozenset(), frozenset(self.refused), self.skipped) if whole else None

    def _ask_batches(self, batches: list[Batch]) -> None:
        while batches:
            batches = self._ask_in_one_child(batches[0]) + batches[1:]

    def _batches(self, select: Select) -> list[Batch]:
        """Every function that is there, with its selected checks: a batch for the same helpers, public checks first."""
        by_helpers: dict[tuple[str, ...], Batch] = {}
        for public in (True, False):
            for planned in self.plan.functions:
                checks = [check for check in planned.checks if _is_public(check) is public and select(planned, check)]
                if checks and planned.function.name in self.extraction.entries:
                    by_helpers.setdefault(self._helpers(planned), []).append(Part(planned, checks, public))
        return list(by_helpers.values())

    def _helpers(self, planned: PlannedFunction) -> tuple[str, ...]:
        return self.replaced.get(planned.function.name, ())

    def _ask_in_one_child(self, batch: Batch) -> list[Batch]:
        """Ask a batch in one child; gives the batches that need another one."""
        batch = [part for part in batch if not self._is_stopped(part.planned)]
        if not batch or self._is_used_up(batch):
            return []
        try:
            ended = self._enter_child(batch)
            return self._ask_all(batch) if ended is None else self._stop_loading(batch, ended)
        except _EndedInTrial:  # now it is known which way that is: it is asked in earnest
            self.close()
            return [batch]
        except HarnessError as error:
            self.close()
            alone = _each_alone(batch)
            if len(alone) > 1:  # one of them met it: which one shows when each is asked by itself
                return alone
            self.stops[batch[0].name] = Stop(None, str(error))
            return []

    def _is_stopped(self, planned: PlannedFunction) -> bool:
        """Whether there is nothing more to ask: it stopped, or it needs a function that runs without end."""
        name = planned.function.name
        for helper in planned.function.needs:
            stop = self.stops.get(helper)
            if name not in self.stops and stop is not None and stop.is_timeout:
                self.stops[name] = Stop(stop.ended, f"not asked: it needs {helper}, which ran too long")
        return name in self.stops

    def _stop_loading(self, batch: Batch, ended: Ended) -> list[Batch]:
        alone = _each_alone(batch)
        if len(alone) > 1:  # what one file does while it is loaded is no other file's fault
            return alone
        self.stops[batch[0].name] = Stop(ended, f"while the file was loaded: {ended.text}")
        return []

    # --- the child ---

    def _enter_child(self, batch: Batch) -> Ended | None:
        """Have a child that may be asked a batch, and has loaded its functions; how it ended over loading them."""
        helpers = self._helpers(batch[0].planned)
        functions = [part.planned.function for part in batch]
        if self.child is not None and self.child.may_be_asked(batch, helpers):
            return None
        self.close()
        self.child = _OpenChild(self._open(helpers), helpers, frozenset(function.name for function in functions))
        found = self.extraction.entries
        wanted = {name for function in functions for name in (function.name, function.root, *function.needs)}
        entries = {name: found[name] for name in sorted(wanted) if name in found}
        skipped = tuple((each.module, each.number) for each in self.skipped)
        packages, data = self.plan.rubric.packages, self.extraction.upload
        shipped = self.plan.assignment.files
        program = Program(self.extraction.modules, entries, packages, helpers, skipped, data, shipped)
        loaded = self.child.process.load(program)
        if self._skip_statement(loaded):
            return self._enter_child(batch)
        self.faults |= dict.fromkeys(loaded.faults)
        if loaded.ended is None:  # else nothing is known of any
            self.unbound |= set(loaded.unbound)
        return loaded.ended

    def _skip_statement(self, loaded: Loaded) -> bool:
        """Whether the file is to be loaded once more, without the statement that ended the process."""
        if loaded.last is None or loaded.ended is None or loaded.ended.how == "protocol":
            return False
        if loaded.ended.by_wall and loaded.last not in self.waited:  # the machine may have been busy
            self.waited.add(loaded.last)
            return True
        who = "it " if loaded.ended.how == "timeout" else ""
        why = f"left out: while the file was loaded, {who}{loaded.ended.text}"
        last = loaded.last
        new = StatementSkipped(last.module, last.number, last.line, why)
        if len(self.skipped) >= MAX_SKIPPED or any(each[:2] == new[:2] for each in self.skipped):
            return False
        self.skipped += (new,)
        return True

    def _open(self, helpers: tuple[str, ...]) -> JailedChild:
        first, self.first = self.first, None
        if first is not None and not helpers:
            return first
        answering = self._load_helpers(helpers) if helpers else None
        return self.sandbox.open(self.allowance.limits, answering, self.allowance.spent)

    def _load_helpers(self, names: tuple[str, ...]) -> Helpers:
        reference = self.plan.assignment.reference
        modules = {file.removesuffix(".py"): text for file, text in reference.plain_sources.items()}
        entries = {name: (reference.functions[name].__module__, name) for name in names}
        program = Program(modules, entries, self.plan.rubric.packages, shipped=self.plan.assignment.files)
        return Helpers(program, names, self.plan.assignment.helper_answers)

    def close(self) -> None:
        """End the child that is there."""
        child, self.child = self.child, None
        if child is not None:
            child.process.close()
            self.allowance.charge(child.process.used)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- its questions ---

    def _ask_all(self, batch: Batch) -> list[Batch]:
        """Ask the child all of it, and nothing hidden before all that is public is answered."""
        for public in (True, False):
            stopped = self._ask_parts([part for part in batch if part.public is public])
            if stopped is not None:
                self.close()
                done = 1 if stopped.name in self.stops else 0
                return [batch[batch.index(stopped) + done :]]
        return []

    def _ask_parts(self, parts: Sequence[Part]) -> Part | None:
        """Ask the child these, and keep what it says; gives the one that it ended in."""
        assert self.child is not None
        requests = list(self._requests(parts))
        self.child.has_seen_hidden |= any(not request.part.public for request in requests)
        self.child.process.allow_helpers(each for request in requests for each in self._helper_allowances(request))
        asking = [each for request in requests for each in request.asking]
        outcomes: list[Outcome] = []
        for messages in batch_messages([request.message for request in requests]):
            limits = self._limits_of(asking[len(outcomes) :])
            outcomes += self.child.process.ask(self.plan.messages.of(messages, partial(concatenate, messages)), limits)
        ended, end = self.child.process.ended, 0
        for request in requests:
            start, end = end, end + len(request.message.steps)
            self._record_outcomes(request, outcomes[start:end])
            if not self.child.process.refused.isdisjoint(range(start, end)):
                self.refused.add(request.part.name)
            if ended is not None and any(isinstance(each, Ended) for each in outcomes[start:end]):
                if not self._is_flooded_by_others(request.part, ended):
                    self._stop(request.part.name, ended)
                return request.part
            self.child.answered.add(request.part.name)
        return next((part for part in parts if not self._converse(part)), None)

    def _converse(self, part: Part) -> bool:
        """Hold the conversations of a part's checks in Python; whether the child lives on."""
        for question in (q for check in part.checks for q in check.questions if check.kind.converse is not None):
            if part.name in self.unbound or part.name in self.stops or self._is_answered(question):
                continue
            self._hold(question, part)
            assert self.child is not None
            if (ended := self.child.process.ended) is not None:
                if not self._is_flooded_by_others(part, ended):
                    self._stop(part.name, ended)
                return False
            self.child.answered.add(part.name)
        return True

    def _hold(self, question: Question, part: Part) -> None:
        converse = kind_of(question.check).converse
        assert self.child is not None
        assert converse is not None
        self.child.has_seen_hidden |= not part.public
        if self._helpers(part.planned):
            from grader.checks.written.student import MOST_CALLS  # late: few assignments have checks in Python

            entries = question.function.helper_entries * self.plan.truths.entries(question)
            self.child.process.allow_helpers([HelperAllowance(MOST_CALLS, entries)])
        answer = converse(question, _LineToChild(self.child.process, self._limits_of([question])))
        if self.child.process.refused:
            self.refused.add(part.name)
        facts = self.extraction.facts.get(part.name, FunctionFacts())
        self.given[id(question)] = msgspec.structs.replace(answer, facts=facts)

    def _is_flooded_by_others(self, part: Part, ended: Ended) -> bool:
        """Whether what others returned before may have left no room: then it is asked again, in a fresh child."""
        assert self.child is not None
        floods = describe_flood(self.allowance.limits), TOLD_TOO_MUCH
        return ended.text in floods and not self.child.answered <= {part.name}

    def _limits_of(self, asking: Sequence[Question]) -> StepLimits:
        """How long each step may take."""
        first, factor = self.allowance.first_seconds, SECOND_WALL_FACTOR if self.again else WALL_FACTOR
        if self._is_short:
            return StepLimits(first, lambda _: first, factor)
        return StepLimits(first, lambda step: self.allowance.call_seconds(asking[step], self.plan.truths), factor)

    @property
    def _is_short(self) -> bool:
        """Whether each function has one short try; those that were waited for have had theirs."""
        return len(self.allowance.slow) >= PATIENCE and not self.again

    def _stop(self, name: str, ended: Ended) -> None:
        self.stops[name] = Stop(ended, ended.text)
        if ended.how == "timeout" and (self.again or not ended.by_wall):  # else a busy machine may have ended it
            if self._is_short:
                self.hasty.add(name)
            self.allowance.slow.add(name)

    def _requests(self, parts: Sequence[Part]) -> Iterator[_Request]:
        """What is asked of each function. One with a question that can't be sent is not graded; the others are."""
        for part in parts:
            if part.name not in self.unbound and part.name not in self.stops:
                try:
                    yield self._request(part)
                except UnsayableError as error:
                    self.stops[part.name] = Stop(None, str(error))

    def _request(self, part: Part) -> _Request:
        said = (check for check in part.checks if check.kind.converse is None)
        questions = tuple(q for check in said for q in check.questions if not self._is_answered(q))
        has_helpers = bool(self._helpers(part.planned))
        forms = tuple(self._form_of(question, has_helpers) for question in questions)
        message = self.plan.messages.of(questions, lambda: build_message(questions, forms), forms)
        return _Request(part, questions, forms, message)

    def _form_of(self, question: Question, has_helpers: bool) -> int:
        """Which signature the student's function has, or in which way a call of it can be made."""
        if len(question.calls) == 1:
            return self._signature(question.function)
        key = (question.function.name, question.check.title if question.check.call else "")
        if key not in self.ways:
            self._find_way(question, key, has_helpers)
        return self.ways[key]

    def _find_way(self, question: Question, key: tuple[str, str], has_helpers: bool) -> None:
        """Keep the first way in which the call can be made; the first of all where none can.

        A trial has the limits of a question, those on what right helpers answer too: what a function learns in it, it
        may remember.

        Raises:
            _EndedInTrial: the child ended over one, which is then the way.
        """
        assert self.child is not None
        for way in range(len(question.calls)):
            steps = question.steps_for(way)
            if has_helpers:
                self.child.process.allow_helpers([self._allowance_of(question, way)])
            outcomes = self.child.process.ask(make_message(steps), self._limits_of([question] * len(steps)))
            if fits(outcomes) or self.child.process.ended is not None:
                self.ways[key] = way
                break
        self.ways.setdefault(key, 0)
        if self.child.process.ended is not None:
            raise _EndedInTrial

    def _helper_allowances(self, request: _Request) -> Iterator[HelperAllowance]:
        """What right helpers answer in each question, if any are in place: nobody needs many times its numbers."""
        if self._helpers(request.part.planned):
            for question, form in request.pairs:
                yield self._allowance_of(question, form)

    def _allowance_of(self, question: Question, form: int) -> HelperAllowance:
        entries = question.function.helper_entries * self.plan.truths.entries(question)
        return HelperAllowance(len(question.steps_for(form)), entries)

    def _is_answered(self, question: Question) -> bool:
        answer = self.given.get(id(question))
        return answer is not None and not any(isinstance(each, Ended) for each in answer.outcomes)

    def _record_outcomes(self, request: _Request, outcomes: Sequence[Outcome]) -> None:
        """Give each question its outcomes, as far as there are any."""
        facts, end = self.extraction.facts.get(request.part.name, FunctionFacts()), 0
        for question, form in request.pairs:
            start, end = end, end + len(question.steps_for(form))
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

    def _is_used_up(self, batch: Batch) -> bool:
        """Whether the submission's time is used up; then what is left is not asked."""
        text = self.allowance.why_used_up
        if text:
            self.stops |= {part.name: Stop(Ended("timeout", text), text) for part in batch}
        return bool(text)


class _LineToChild:
    """A check in Python and a child: each message goes on after the one before."""

    def __init__(self, child: JailedChild, limits: StepLimits) -> None:
        self._ask: Callable[..., tuple[Outcome, ...]] = child.ask
        self._ask_on = child.ask_on
        self._limits = limits

    def ask(self, steps: Sequence[Step], callbacks: Callbacks) -> tuple[Outcome, ...]:
        """Raises `Misused` where a step can't be sent: the check's own fault."""
        try:
            message = msgspec.structs.replace(make_message(steps), outside=callbacks)
        except UnsayableError as error:
            from grader.checks.written.line import Misused  # late, likewise

            raise Misused(str(error)) from None
        ask, self._ask = self._ask, self._ask_on
        return ask(message, self._limits)


class _OpenChild:
    """A child that has loaded these functions, and what it has received."""

    def __init__(self, process: JailedChild, helpers: tuple[str, ...], functions: frozenset[str]) -> None:
        self.process = process
        self.helpers = helpers
        self.functions = functions
        self.has_seen_hidden = False
        self.answered: set[str] = set()  # functions

    def may_be_asked(self, batch: Batch, helpers: tuple[str, ...]) -> bool:
        """Whether it lives, knows the functions, and has received nothing that their answers must not hold."""
        shown = self.has_seen_hidden and any(part.public for part in batch)
        known = self.functions >= {part.name for part in batch} and self.helpers == helpers
        return known and not shown and self.process.ended is None


def _each_alone(batch: Batch) -> list[Batch]:
    """A batch for each function."""
    by_name: dict[str, Batch] = {}
    for part in batch:
        by_name.setdefault(part.name, []).append(part)
    return list(by_name.values())


def _is_public(planned: PlannedCheck) -> bool:
    return planned.check.visibility == "public"
