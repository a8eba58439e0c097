"""Start, feed, time and end the process that runs a submission; say how it ended.

Theory of operation. A `Sandbox` owns one zygote: another Python, started at once and never waited for until it's needed
(see worker/main.py). `open` has it fork a `JailedChild`, which locks itself in (see worker/jail) and says so before any
code of a submission reaches it. From then on the two processes speak frames over a socketpair: one request with a
fresh nonce, one reply for each thing asked that it can't know itself. This side believes three things only: values
that the decoder could build, its own clocks (the child's processor clock, read through the kernel, and the wall clock),
and what `wait4` says of the dead. A child that uses up a limit, hangs up, or says what it was not asked is ended with
SIGKILL through a pidfd, and how it ended is an outcome of the submission.

Two kinds of failure, kept apart. Whatever the submission does ends in an `Outcome`. What fails on our side (no jail, a
zygote that has gone, a self-test that doesn't hold) is a `SandboxError`, and never a mark.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, Self

import msgspec

from grader.errors import HarnessError, SandboxError
from grader.limits import READ_SECONDS, Limits
from grader.sandbox.helper_answers import HelperAnswers, KnownAnswer
from grader.sandbox.helper_meter import HelperAllowance, Meter, count_entries
from grader.sandbox.launch import OUR_OWN, configure, launch
from grader.sandbox.outside import OutsideStubs, call_outside, find_outside_stubs, is_repeatable
from grader.sandbox.packages import locate_packages
from grader.sandbox.replies import outcome_of_storing
from grader.sandbox.session import NOTHING_SPENT, ONE, ChildEnded, Session, Spent, StepLimits
from grader.sandbox.tally import TOLD_TOO_MUCH, Tally, weigh
from grader.sandbox.transport import Transport, nothing
from grader.worker.shared import messages
from grader.worker.shared.interpreter import is_told
from grader.worker.shared.messages import MAX_FAULTS, MAX_NAME, MAX_TEXT
from grader.worker.shared.requests import NotPlain, encode_request
from grader.worker.shared.steps import Call, Ended, Outcome, Raised, Returned, Skipped, Step, StoreValue

#: What one statement may take while a file is loaded: as much as one call, and no more than this share of what the
#: submission has left. Where some never end, there is time for the others.
LOAD_SHARE = 0.5

MAX_LINE = 10_000_000

#: The outcome of a step that wasn't reached.
ENDED_BEFORE = Skipped("the submission's process had ended before")


class Isolation(msgspec.Struct, frozen=True):
    """How the submission's code was locked in."""

    level: Literal["full", "no-namespaces", "partial", "none"]
    layers: tuple[str, ...]


class UnsayableError(HarnessError):
    """A question holds what can't be sent."""


class Message(msgspec.Struct, frozen=True):
    """Steps for a child, written down once to be asked of many."""

    steps: tuple[Step, ...]
    request: bytes
    told: tuple[int, ...]  #: the positions of those steps of which is told what came of them
    stored: Mapping[int, Outcome]  #: what came of the others, by their positions
    outside: OutsideStubs = {}


def make_message(steps: Sequence[Step]) -> Message:
    """Steps ready to be sent. Raises `UnsayableError` for anything but plain values in them."""
    try:
        request = encode_request(list(steps))
    except NotPlain as problem:
        raise UnsayableError(f"a question holds what can't be sent to a submission: {problem}") from problem
    stored = {
        at: outcome_of_storing(step)
        for at, step in enumerate(steps)
        if isinstance(step, StoreValue) and not is_told(step, is_last=at == len(steps) - 1)
    }
    told = tuple(at for at in range(len(steps)) if at not in stored)
    return Message(tuple(steps), request, told, stored, find_outside_stubs(steps))


class Program(msgspec.Struct, frozen=True):
    """A submission, as it goes into a child."""

    modules: dict[str, str]  #: module name -> source
    entries: dict[str, tuple[str, str]]  #: required function -> (module, name in it, which may be dotted)
    packages: tuple[str, ...]  #: what may be imported besides the standard library, e.g. ("numpy",)
    replaced: tuple[str, ...] = ()  #: functions that the child's helpers answer, wherever the modules bind the names
    skipped: tuple[tuple[str, int], ...] = ()  #: module and number of top-level statements that are not run
    data: tuple[Any, ...] = ()  #: what is asked to get the data files that the code may read, a `Task` as plain values
    shipped: tuple[tuple[str, bytes], ...] = ()  #: data files by their paths that come with the assignment


class Helpers(msgspec.Struct, frozen=True):
    """What answers a submission's calls of replaced functions: a program of the reference's, in a child of its own.

    Whoever calls the replaced name gets the right answer. So a child with helpers must not grade what they answer.
    """

    program: Program
    names: tuple[str, ...]
    answers: HelperAnswers  #: those of earlier calls, of other submissions too


class StatementFault(msgspec.Struct, frozen=True):
    """A kept top-level statement that failed while loading. What it would have bound stays unbound."""

    module: str
    line: int
    type: str
    text: str


class StatementPlace(msgspec.Struct, frozen=True):
    """A top-level statement of a module: which one, from 0, and its line."""

    module: str
    number: int
    line: int


class Loaded(msgspec.Struct, frozen=True):
    """What came of loading a program."""

    faults: tuple[StatementFault, ...]
    unbound: tuple[str, ...]  #: required names that have no callable after loading
    ended: Ended | None
    last: StatementPlace | None = None  #: the statement that was being run when the process ended


class Sandbox:
    """A context manager that owns one zygote. Not for several threads at once, but children may overlap.

    Args:
        mode: "jail", or "none" for plain processes without any protection.
        packages: what submissions may import besides the standard library; numpy always may.
        secrets: files and folders that the self-test must find unreadable.

    Raises:
        SandboxError: a package isn't installed, or this platform has no jail.
    """

    def __init__(
        self,
        mode: str = "jail",
        packages: Sequence[str] = ("numpy",),
        secrets: Sequence[Path] = (),
    ) -> None:
        if mode not in ("jail", "none"):
            raise SandboxError(f'there is no sandbox {mode!r}; there are "jail" and "none"')
        if mode == "jail" and not hasattr(os, "pidfd_open"):
            raise SandboxError("the jail needs Linux; elsewhere `--sandbox none` grades without any protection")
        self._mode = mode
        self._secrets = (*OUR_OWN, *(str(Path(secret).resolve()) for secret in secrets))
        self.tally = Tally()  #: of the submission that is being graded
        self._spare: Callable[[], bool] = nothing
        self._outside_answers = HelperAnswers()  # of functions that questions hand over, each by a name of its own
        self._start(packages)

    def fill_waits(self, spare: Callable[[], bool]) -> None:
        """Have something done, bit by bit, while other processes are waited for; it says whether there was anything.

        What it takes is no time of a submission's.
        """
        self._spare = spare
        self._process.spare = spare

    def begin_submission(self) -> None:
        """What children tell from now on is another submission's."""
        self.tally = Tally()

    def _start(self, packages: Sequence[str]) -> None:
        self.packages = tuple(packages)
        configuration = configure(self._mode, packages, locate_packages(packages), self._secrets)
        self._process = launch(configuration)
        self._process.spare = self._spare

    def grant(self, packages: Sequence[str]) -> None:
        """Let submissions import these packages too. Starts a new zygote where there are any new ones."""
        if not {"numpy", *self.packages} >= set(packages):
            self.close()
            self._start(tuple(dict.fromkeys((*self.packages, *packages))))

    @property
    def isolation(self) -> Isolation:
        """What holds a submission here. Waits for the zygote, and raises `SandboxError` where there can be none."""
        walls = self._process.isolation_report()
        return Isolation(walls.level, walls.layers)  # type: ignore[arg-type]

    @property
    def missing_namespaces(self) -> str:
        """Why the zygote has no namespaces of its own; "" where it has them."""
        return self._process.isolation_report().missing

    def hide(self, secrets: Sequence[Path]) -> None:
        """Make sure that no child can read these; the next `open` raises `SandboxError` if one can."""
        self._secrets += tuple(str(Path(secret).resolve()) for secret in secrets)
        self._process.hide(self._secrets)

    def open(self, limits: Limits, helpers: Helpers | None = None, spent: Spent = NOTHING_SPENT) -> JailedChild:
        """A fresh child. Raises `SandboxError` where the jail doesn't stand.

        Args:
            helpers: what answers for replaced functions; its time is the submission's.
            spent: what the submission has used up of its limits in other children.
        """
        helper = _Helper(lambda: self._open_helper(limits), helpers) if helpers is not None else None
        process, outside = self._process.open(limits), self._outside_answers
        return JailedChild(process, limits, self.packages, helper, spent, self.tally, self._spare, outside)

    def give_helpers(self, child: JailedChild, limits: Limits, helpers: Helpers) -> None:
        """Have these answer for functions that were the submission's own until now, in a child that has loaded it."""
        child.replace(_Helper(lambda: self._open_helper(limits), helpers), helpers.names)

    def _open_helper(self, limits: Limits) -> JailedChild:
        """A child whose answers are the reference's: the submission tells the arguments, and they are counted there."""
        return JailedChild(self._process.open(limits), limits, self.packages, tally=Tally())

    def close(self) -> None:
        """End the zygote and every child."""
        self._process.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def unknown_name(name: str) -> bytes:
    """The answer to a call of what isn't there."""
    return _fail("NameError", f"name {name!r} is not defined")


def _fail(kind: str, text: str) -> bytes:
    return encode_request((False, (kind, text)))


class _Helper:
    """The second child: started when it's first needed, and again after it has ended."""

    def __init__(self, start: Callable[[], JailedChild], helpers: Helpers) -> None:
        self._start = start
        self._past_seconds = 0.0
        self._helpers = helpers
        self._child: JailedChild | None = None
        self.meter = Meter()

    def find(self, call: bytes) -> KnownAnswer | None:
        """What came of the very same call before, of one of these helpers."""
        known = self._helpers.answers.find(call)
        return known if known is not None and known.name in self._helpers.names else None

    def give(self, known: KnownAnswer) -> bytes:
        """The answer, its entries counted."""
        refusal = self._refuse(known.name, known.entries)
        if refusal is None:
            self.meter.count(known.answer_entries)
        return refusal or known.answer

    def __call__(self, call: bytes, name: str, args: Any, kwargs: Any) -> bytes:
        if name not in self._helpers.names:
            return unknown_name(name)
        entries = count_entries((args, kwargs))
        if (refusal := self._refuse(name, entries)) is not None:
            return refusal
        try:
            message = make_message([Call(name, tuple(args), kwargs)])
        except UnsayableError:  # the arguments are the submission's
            return _fail("TypeError", f"{name} was called with an argument that is no plain value")
        [outcome] = self._ready().ask(message)
        if not isinstance(outcome, (Returned, Raised)):
            self.close()
            return _fail("RuntimeError", f"{name} gave no answer: {outcome.text}")
        known = _write_down(name, weigh((args, kwargs)), entries, outcome)
        self.meter.count(known.answer_entries)
        self._helpers.answers.keep(call, known, outcome.type if isinstance(outcome, Raised) else "")
        return known.answer

    def _refuse(self, name: str, entries: int) -> bytes | None:
        """The answer to a call of so many entries where the question's allowance is used up."""
        if (most := self.meter.count(entries)) is None:
            return None
        self.meter.refuse()
        text = f"{name} gave no answer: in one question, such calls take {most:,.0f} numbers in all"
        return _fail("RuntimeError", text)

    def _ready(self) -> JailedChild:
        if self._child is None:
            self._child = self._start()
            loaded = self._child.load(self._helpers.program)
            if loaded.faults or loaded.unbound or loaded.ended:
                raise HarnessError(f"the reference's helpers can't be loaded: {loaded}")
        return self._child

    @property
    def cpu_seconds(self) -> float:
        """What all of its children have used so far."""
        return self._past_seconds + (self._child.cpu_seconds if self._child is not None else 0.0)

    def close(self) -> None:
        """End the child; what it has used counts on, since the submission chooses what helpers are asked."""
        if self._child is not None:
            self._child.close()
            self._past_seconds += self._child.cpu_seconds
            self._child = None


def _write_down(name: str, weight: int, entries: int, outcome: Returned | Raised) -> KnownAnswer:
    if isinstance(outcome, Raised):
        return KnownAnswer(name, weight, entries, _fail(outcome.type, outcome.text), 0)
    return KnownAnswer(name, weight, entries, encode_request((True, outcome.value)), count_entries(outcome.value))


class _CallAnswerer:
    """Answers the calls within a message: of functions that are answered here, and of replaced helpers."""

    def __init__(
        self,
        helper: _Helper | None,
        outside: OutsideStubs,
        answers: HelperAnswers,
        weigh_told: Callable[[int], None],
    ) -> None:
        self._helper = helper
        self._outside = outside
        self._answers = answers  # of functions that are answered here
        self._weigh_told = weigh_told
        self._own_seconds = 0.0

    def find(self, call: bytes) -> bytes | None:
        """The answer to a call that was answered before, counted as it was then."""
        known = self._answers.find(call)
        if known is not None and known.name in self._outside:
            self._weigh_told(known.weight)
            return known.answer
        known = self._helper.find(call) if self._helper is not None else None
        if self._helper is None or known is None or known.name in self._outside:
            return None
        self._weigh_told(known.weight)
        return self._helper.give(known)

    def __call__(self, call: bytes, name: str, args: Any, kwargs: Any) -> bytes:
        weight = weigh((args, kwargs))
        self._weigh_told(weight)
        if name in self._outside:
            return self._call_outside(KnownAnswer(name, weight), call, args, kwargs)
        return self._helper(call, name, args, kwargs) if self._helper is not None else unknown_name(name)

    def _call_outside(self, asked: KnownAnswer, call: bytes, args: Any, kwargs: Any) -> bytes:
        outside, started = self._outside[asked.name], time.thread_time()
        went_well, what = call_outside(outside, args, kwargs)
        self._own_seconds += time.thread_time() - started
        known = msgspec.structs.replace(asked, answer=encode_request((went_well, what)))
        if is_repeatable(outside):
            self._answers.keep(call, known, "" if went_well else what[0])
        return known.answer

    @property
    def cpu_seconds(self) -> float:
        """What its answers have cost so far."""
        return self._own_seconds + (self._helper.cpu_seconds if self._helper is not None else 0.0)


class JailedChild:
    """One submission's process, a context manager. After `ended` is set it answers nothing more."""

    def __init__(
        self,
        link: Transport,
        limits: Limits,
        packages: Sequence[str],
        helper: _Helper | None = None,
        spent: Spent = NOTHING_SPENT,
        tally: Tally | None = None,
        spare: Callable[[], bool] = nothing,
        outside: HelperAnswers | None = None,
    ) -> None:
        self._helper = helper
        self._outside_answers = HelperAnswers() if outside is None else outside
        self._tally = tally or Tally()
        self._told_bytes = 0
        self._limits = limits
        self._packages = {"numpy", *packages}
        self._modules: frozenset[str] = frozenset()
        self._session = Session(link, limits, spent, spare)

    @property
    def ended(self) -> Ended | None:
        """How the process ended, or was ended; None while it lives, and after a plain `close`."""
        return self._session.ended

    @property
    def cpu_seconds(self) -> float:
        """Processor seconds as the kernel counts them, reading left out: so far, and all of them after the end."""
        return self.used.cpu

    @property
    def used(self) -> Spent:
        """What it has used, its helpers' processor time included, and reading left out."""
        return self._session.used

    @property
    def reading_seconds(self) -> float:
        """Processor seconds that it took to read what was handed in, which `used` leaves out."""
        return self._session.reading_seconds

    def read(self, asked: Any, seconds: float = READ_SECONDS) -> bytes | Ended:
        """Have what was handed in read and sliced, before anything of it runs; or how the process ended over it.

        Args:
            asked: a `Task` of grader.extraction.in_child, as plain values.
            seconds: of processor time.
        """
        try:
            return self._session.read(encode_request(asked), seconds)
        except ChildEnded:
            return self.ended or Ended("died", "it had ended before")

    def load(self, program: Program) -> Loaded:
        """Run the top-level statements of the modules that hold required functions, and of what these import.

        Each of them may take as long as one call. Data files are unpacked before, which takes nothing of the limits.
        """
        if not self._packages >= set(program.packages):
            raise SandboxError(f"this sandbox grants only {', '.join(sorted(self._packages))}")
        self._modules = frozenset(program.modules)
        entries = {name: tuple(entry) for name, entry in program.entries.items()}
        lists = [tuple(each) for each in (program.packages, program.replaced, program.skipped)]
        try:
            if program.data or program.shipped:
                asked = encode_request([list(program.data), list(program.shipped)])
                self._session.read(asked, READ_SECONDS, messages.UNPACK)
            seconds = min(self._limits.call_seconds, LOAD_SHARE * self._session.seconds_left)
            request = encode_request([program.modules, entries, *lists])
            [(_, (told, _))] = self._session.ask(messages.LOAD, request, ONE, "in one statement", seconds)
        except ChildEnded:
            return Loaded((), tuple(entries), self.ended, self._last_statement())
        faults, unbound = self._read_claims(told)
        return Loaded(faults, tuple(name for name in entries if name in unbound), None)

    def replace(self, helper: _Helper, names: Sequence[str]) -> None:
        """Have a helper answer calls of these functions from now on. The process may end over it."""
        self._helper = helper
        with suppress(ChildEnded):
            request = encode_request(list(names))
            list(self._session.ask(messages.REPLACE, request, ONE, "in one call", self._limits.call_seconds))

    def allow_helpers(self, allowances: Iterable[HelperAllowance]) -> None:
        """Bound what the right helpers answer in the steps that are asked from now on: one allowance a question."""
        if self._helper is not None:
            self._helper.meter = Meter(allowances)

    @property
    def refused(self) -> frozenset[int]:
        """The steps since `allow_helpers`, from 0, in which a call of a helper went beyond its question's allowance."""
        return frozenset() if self._helper is None else frozenset(self._helper.meter.refused)

    def run(self, steps: Sequence[Step]) -> tuple[Outcome, ...]:
        """Ask what is asked once only: see `ask`. Raises `UnsayableError` for anything but plain values in a step."""
        return self.ask(make_message(steps))

    def ask(self, message: Message, limits: StepLimits | None = None) -> tuple[Outcome, ...]:
        """One outcome for each step, in order; after an `Ended` the rest is `ENDED_BEFORE`.

        Args:
            limits: of each step; without them each may take what the rubric's `call:` says.
        """
        return self._ask(messages.RUN, message, limits)

    def ask_on(self, message: Message, limits: StepLimits | None = None) -> tuple[Outcome, ...]:
        """As `ask`; steps may refer to those of the messages before, back to the last `ask`."""
        return self._ask(messages.GO_ON, message, limits)

    def _ask(self, kind: int, message: Message, limits: StepLimits | None) -> tuple[Outcome, ...]:
        outcomes: list[Outcome] = []
        alive, count = self.ended is None, len(message.steps)
        is_asked = self._helper is not None or bool(message.outside)
        self._session.helper = (
            _CallAnswerer(self._helper, message.outside, self._outside_answers, self._weigh) if is_asked else None
        )
        seconds = limits or self._limits.call_seconds
        try:
            self._add_stored(message, outcomes)
            for _, (outcome, weight) in self._session.ask(kind, message.request, message.told, "in one call", seconds):
                self._weigh(weight)
                self._add(self._cut_outcome(outcome), outcomes)
                self._add_stored(message, outcomes)
        except ChildEnded:
            outcomes += [self.ended] if alive and self.ended is not None else []
        return (*outcomes, *[ENDED_BEFORE] * (count - len(outcomes)))

    def _add(self, outcome: Outcome, outcomes: list[Outcome]) -> None:
        outcomes.append(outcome)
        if self._helper is not None:
            self._helper.meter.advance()

    def _add_stored(self, message: Message, outcomes: list[Outcome]) -> None:
        """Add the outcomes of the next steps, as far as nothing is told of them."""
        while (stored := message.stored.get(len(outcomes))) is not None:
            self._add(stored, outcomes)

    def _weigh(self, weight: int) -> None:
        """Count what was told. Ends the process, and raises `ChildEnded`, where that is too much."""
        self._tally.add(weight)
        self._told_bytes += weight
        if not self._tally.allows(self._told_bytes):
            self._session.finish("memory", TOLD_TOO_MUCH)

    def _cut_outcome(self, outcome: Outcome) -> Outcome:
        """An outcome, its texts cut once more, and without a place that the submission doesn't have."""
        if isinstance(outcome, Returned):
            return outcome if not outcome.printed else outcome._replace(printed=self._cut(outcome.printed))
        if isinstance(outcome, Raised):
            module, line = self._place(outcome.module, outcome.line)
            name, text = outcome.type[:MAX_NAME], outcome.text[:MAX_TEXT]
            return Raised(name, text, module, line, self._cut(outcome.printed))
        return outcome._replace(text=outcome.text[:MAX_TEXT])

    def _cut(self, printed: str) -> str:
        return printed[: self._limits.output_bytes + MAX_TEXT]

    def _place(self, module: str | None, line: int | None) -> tuple[str | None, int | None]:
        known = module in self._modules and line is not None and 0 < line < MAX_LINE
        return (module, line) if known else (None, None)

    def _last_statement(self) -> StatementPlace | None:
        """The statement of which the child last said that it begins, as far as that can be one."""
        if tuple(map(type, self._session.statement)) != (str, int, int):
            return None
        name, number, line = self._session.statement
        module, line = self._place(name, line)
        return StatementPlace(module, number, line) if module is not None and line is not None else None

    def _read_claims(self, told: Any) -> tuple[tuple[StatementFault, ...], tuple[Any, ...]]:
        """What a child claims about loading: faults and unbound names, as far as they have the form of that."""
        faults, unbound = told if len(told) == 2 and all(type(part) is list for part in told) else ([], [])
        kept = []
        for fault in faults[:MAX_FAULTS]:
            if type(fault) is tuple and tuple(map(type, fault)) == (str, int, str, str):
                module, line = self._place(fault[0], fault[1])
                if module is not None and line is not None:
                    kept.append(StatementFault(module, line, fault[2][:MAX_NAME], fault[3][:MAX_TEXT]))
        return tuple(kept), tuple(name for name in unbound if type(name) is str)

    def close(self) -> None:
        """End the process, whatever it does."""
        self._session.close()
        if self._helper is not None:
            self._helper.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
