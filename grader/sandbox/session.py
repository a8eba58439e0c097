"""Ask a child, within its limits, and never take its word for more than a value.

Every reply must carry the request's nonce and its own position, decode to plain values of the right types, and be the
last thing said until the next request. The clocks are ours. What breaks a rule ends the child, and that is an `Ended`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any, Literal, Protocol

import msgspec

from grader.errors import SandboxError
from grader.limits import SUBMISSION_WALL_FACTOR, WALL_FACTOR, Limits
from grader.sandbox.replies import decode_reply
from grader.sandbox.transport import CHUNK_BYTES, Exit, Transport, nothing
from grader.worker.shared import messages
from grader.worker.shared.messages import reply_sizes
from grader.worker.shared.requests import encode_request
from grader.worker.shared.steps import Ended
from grader.worker.shared.wire import FRAME_HEADER, BadFrame

MAX_CALLBACKS = 10_000  # in one call
MAX_RESULTS = 4  # results of the largest size in a child's life, or as much in smaller ones
#: While a child has many steps to answer, it is left alone for as long as the quickest ones take: to be woken for each
#: answer would cost both sides more than the step does. One that calls helpers waits for us, so it is never left alone.
_STEP_SECONDS = 30e-6
_NAP_SECONDS = 0.004
#: By the wall clock, what a call that we answer may take beside the answer itself; all of a submission's time counts.
_CHANGE_SECONDS = 0.002
#: The position of the only reply.
ONE = (0,)
NO_MEMORY_LEFT = "the machine ran out of memory, and the system ended the process"
READING = "while what was handed in was read"
START_SECONDS = 60.0  # for the other process to lock itself in, or to import numpy from a cold disk


class ChildEnded(Exception):  # noqa: N818 - it says what happened
    """The child has ended, or was ended; the conversation's `ended` says how."""


class _LimitReached(Exception):  # noqa: N818 - as above
    """A limit is used up."""

    def __init__(self, text: str, by_wall: bool = False) -> None:
        super().__init__(text)
        self.by_wall = by_wall


class Spent(msgspec.Struct, frozen=True):
    """What a submission has used up already, in other children."""

    cpu: float = 0.0
    wall: float = 0.0


NOTHING_SPENT = Spent()


class StepLimits(msgspec.Struct, frozen=True):
    """Processor seconds for each step of a message, where they are not the same for all."""

    first: float  #: those that each has
    look_up: Callable[[int], float]  #: those that the step at a position has, asked once the first are gone
    factor: float = WALL_FACTOR  #: so many times as much by the wall clock


class _HungUp(Exception):  # noqa: N818 - as above
    """The child closed its end of the line, most likely by dying."""


class TimeBudget(msgspec.Struct):
    """Processor time for one purpose, and some times as much by the wall clock.

    It changes: what isn't the process's own time is credited, by moving the readings with which it began.
    """

    seconds: float
    clause: str  #: "in one call"
    factor: float  #: so many times as much by the wall clock
    cpu: float  #: the clocks' readings when it began
    wall: float

    def seconds_left(self, cpu: float, wall: float) -> float:
        """Seconds after which it's worth looking again: processor time can't run faster than the wall clock."""
        cpu_left = self.seconds - (cpu - self.cpu)
        wall_left = self.factor * self.seconds - (wall - self.wall)
        if cpu_left <= 0:
            raise _LimitReached(f"used more than {self.seconds:.3g} s of processor time {self.clause}")
        if wall_left <= 0:
            text = f"took more than {self.factor * self.seconds:.3g} s by the wall clock {self.clause}"
            raise _LimitReached(text, by_wall=True)
        return min(cpu_left, wall_left)


_OUTCOMES = frozenset({messages.RETURNED, messages.RAISED, messages.SKIPPED, messages.FLOODED, messages.CALLBACK})
#: What may be said in reply to what.
_REPLIES = {
    messages.READ: frozenset({messages.SLICED}),
    messages.UNPACK: frozenset({messages.SLICED}),
    messages.LOAD: frozenset({messages.LOADED, messages.FLOODED, messages.STARTED}),
    messages.REPLACE: frozenset({messages.LOADED, messages.FLOODED}),
    messages.RUN: _OUTCOMES,
    messages.GO_ON: _OUTCOMES,
}


class Helper(Protocol):
    """Answers calls of replaced helpers."""

    @property
    def cpu_seconds(self) -> float:
        """What its answers have cost so far."""

    def find(self, call: bytes) -> bytes | None:
        """The answer to a call that was answered before, counted as it was then; None where it wasn't.

        Args:
            call: as the process said it, which is told apart from every other call by its bytes alone.
        """

    def __call__(self, call: bytes, name: str, args: Any, kwargs: Any) -> bytes:
        """The answer as a request: whether it went well, and the value or the (type, text) of its failure."""


class Session:
    """The requests to one process and its replies."""

    def __init__(
        self, link: Transport, limits: Limits, spent: Spent = NOTHING_SPENT, spare: Callable[[], bool] = nothing
    ) -> None:
        self.ended: Ended | None = None
        self._spent = spent
        self.statement: tuple[Any, ...] = ()  #: which one is being run while loading, as the child claims
        self._spare = spare  # what there is to do while the child is waited for: says whether there was anything
        self.helper: Helper | None = None  #: answers calls within the steps that are asked; None: there are none
        self._link: Transport | None = link
        self._limits = limits
        self._caps = reply_sizes(limits.output_bytes, limits.result_bytes).reply
        self._most = self._caps.bytes  # of one reply
        self._buffer = bytearray()
        self._at = 0  # what lies before it in the buffer was read
        self._received = 0  # bytes of replies in this child's life: somebody keeps them all
        self._life = self._whole_life(link)
        self._step: TimeBudget | None = None  # of the reply that is waited for
        self._terms = (limits.submission_seconds, "in all", float(WALL_FACTOR))
        self._look_up: Callable[[int], float] | None = None  # a longer limit for it, asked once
        self._position = 0  # of that reply
        self._more = 0  # replies that will follow the one that is waited for
        self._idle_since: float | None = time.monotonic()
        self._used = Spent()
        self.reading_seconds = 0.0  #: processor time until what was handed in was read
        self._greeted = False
        self._begin(link)

    def _whole_life(self, link: Transport) -> TimeBudget:
        """What is left for all of the submission, from now on."""
        cpu, wall = link.cpu_seconds() - self._spent.cpu, time.monotonic() - self._spent.wall
        return TimeBudget(self._limits.submission_seconds, "in all", SUBMISSION_WALL_FACTOR, cpu, wall)

    @property
    def used(self) -> Spent:
        """Processor time, as the kernel counts it, and time in which it was waited for; final after the end."""
        return self._used if self._link is None else self._used_until(self._link.cpu_seconds())

    def _used_until(self, cpu: float) -> Spent:
        now = time.monotonic() if self._idle_since is None else self._idle_since
        used = Spent(cpu - self._life.cpu - self._spent.cpu, now - self._life.wall - self._spent.wall)
        return Spent(max(0.0, used.cpu), max(0.0, used.wall))

    @property
    def seconds_left(self) -> float:
        """Processor seconds for which both clocks leave room."""
        limit, used = self._life.seconds, self.used
        return limit - max(used.cpu + self._spent.cpu, (used.wall + self._spent.wall) / self._life.factor)

    def ask(
        self, kind: int, request: bytes, positions: Sequence[int], clause: str, limits: float | StepLimits
    ) -> Iterator[tuple[int, Any]]:
        """Kind of the replies with these positions and what `decode_reply` finds in them, as they arrive.

        Each within limits of processor time. Raises `ChildEnded` when the child has ended, `SandboxError` when it never
        locked itself in.
        """
        each = limits if isinstance(limits, StepLimits) else StepLimits(limits, lambda _: 0.0)
        try:
            self._require_idle()
            nonce = os.urandom(messages.NONCE_BYTES)
            self._terms, self._step = (each.first, clause, each.factor), None
            self._look_up, self._position = each.look_up, 0
            self._link.send(messages.frame(kind, 0, nonce, request), self._seconds_left)  # type: ignore[union-attr]
            expected = _REPLIES[kind]
            for more, position in zip(range(len(positions) - 1, -1, -1), positions, strict=True):
                self._step = None  # a reply that lies there already needs no clock
                self._look_up, self._position = each.look_up, position
                self._more = more
                yield self._reply(nonce, position, expected)
            self._idle_since = time.monotonic()
        except _LimitReached as spent:
            self.finish("timeout", str(spent), spent.by_wall)
        except BadFrame as problem:
            self.finish("protocol", f"the code wrote to the grader's own line ({problem})")
        except (_HungUp, OSError):
            self._hung_up()

    def read(self, request: bytes, seconds: float, kind: int = messages.READ) -> bytes:
        """What is told of a submission that was read, or unpacked.

        It has limits of its own: the life of its code begins after it. Raises as `ask` does.
        """
        self._most, self._life.seconds, self._life.clause = messages.SLICED_BYTES, seconds, READING
        [(_, told)] = self.ask(kind, request, ONE, READING, seconds)
        assert self._link is not None
        self.reading_seconds = self._link.cpu_seconds()
        self._most, self._received = self._caps.bytes, 0
        self._life = self._whole_life(self._link)
        return bytes(told)

    def close(self) -> None:
        """End the process."""
        if self._link is not None:
            self._close_link(hung_up=False)

    # --- one request ---

    def _require_idle(self) -> None:
        """Make sure that the line is open, and that nothing was said unasked."""
        if self._link is None:
            raise ChildEnded
        if not self._greeted:
            self._handshake(self._link)
        if self._link.has_data():
            self._fill(1)
        if self._at < len(self._buffer):
            raise BadFrame("unasked")
        if self._idle_since is not None:
            self._life.wall += time.monotonic() - self._idle_since
        self._idle_since = None

    def _begin(self, link: Transport) -> None:
        """Say how much replies may hold, so that it lies there when the process has locked itself in."""
        sizes = encode_request([self._limits.output_bytes, self._limits.result_bytes])
        with suppress(OSError):  # it has ended already, as its first request will show
            link.send(messages.frame(messages.BEGIN, 0, bytes(messages.NONCE_BYTES), sizes), lambda: START_SECONDS)

    def _handshake(self, link: Transport) -> None:
        """Hear that the process has locked itself in, from before any code of the submission reached it."""
        self._terms, self._step = (START_SECONDS / WALL_FACTOR, "to start", WALL_FACTOR), None
        # To start takes nothing of what the submission has left, and where that is nothing it is no fault of ours.
        life, self._life = self._life, TimeBudget(START_SECONDS, "to start", 1, link.cpu_seconds(), time.monotonic())
        try:
            *_, body = self._frame()
            if body:
                raise BadFrame(body.decode(errors="replace"))
        except (_LimitReached, _HungUp, OSError, BadFrame) as problem:
            status = self._close_link(hung_up=True).status
            why = str(problem) or f"it ended with status {status}"
            raise SandboxError(f"a process for the submission didn't get ready: {why}") from None
        self._greeted = True
        self._life, life.cpu = life, link.cpu_seconds() - self._spent.cpu

    def _seconds_left(self) -> float:
        """Seconds for which it's worth waiting. Raises `_LimitReached` when there are none left."""
        assert self._link is not None
        cpu, wall = self._link.cpu_seconds(), time.monotonic()
        if self._step is None:
            self._step = TimeBudget(*self._terms, cpu, wall)
        left = self._life.seconds_left(cpu, wall)
        try:
            return min(self._step.seconds_left(cpu, wall), left)
        except _LimitReached:
            if not self._is_extended():
                raise
        return self._seconds_left()

    def _is_extended(self) -> bool:
        """Whether this step may go on: its limit is looked up once the first seconds are gone."""
        look_up, self._look_up = self._look_up, None
        if look_up is None or self._step is None:
            return False
        started = time.monotonic()
        seconds = max(look_up(self._position), self._step.seconds)
        is_longer = seconds > self._step.seconds
        self._step.seconds = seconds
        self._pass_over(time.monotonic() - started)
        return is_longer

    def _pass_over(self, seconds: float) -> None:
        """Take time by the wall clock that we have used, and not the child, from all that counts it."""
        if self._step is not None:
            self._step.wall += seconds
        self._life.wall += seconds

    def _reply(self, nonce: bytes, position: int, expected: frozenset[int]) -> tuple[int, Any]:
        for _ in range(max(MAX_CALLBACKS, messages.MAX_STARTED) + 1):
            kind, its_position, its_nonce, body = self._frame()
            if its_nonce != nonce or its_position != position or kind not in expected:
                raise BadFrame("out of turn")
            if kind == messages.CALLBACK:
                self._call_back(nonce, body)
                continue
            if kind == messages.SLICED:  # who asks takes it apart
                return kind, body
            said = decode_reply(kind, body, self._caps)
            if kind == messages.FLOODED:
                self.finish("output", "printed more than 32 MiB")
            if kind == messages.STARTED:  # which only says whose line is left out where it never ends
                (self.statement,), self._step = said, None
                continue
            return kind, said
        raise _LimitReached(f"called other functions more than {MAX_CALLBACKS:,} times in one call")

    def _call_back(self, nonce: bytes, call: bytes) -> None:
        """Answer a call from within the step."""
        answer = self.helper.find(call) if self.helper is not None else None
        if answer is None:
            answer = self._work_out(call)
        if self._step is not None:  # a busy machine takes its time to change over to us and back
            self._step.wall += _CHANGE_SECONDS
        assert self._link is not None
        self._link.send(messages.frame(messages.ANSWER, 0, nonce, answer), self._seconds_left)

    def _work_out(self, call: bytes) -> bytes:
        """The answer to a call. It takes no time of the call, but the submission chose to ask."""
        arguments, name = decode_reply(messages.CALLBACK, call, self._caps)
        started, before = time.monotonic(), self.helper.cpu_seconds if self.helper else 0.0
        answer = encode_answer(self.helper, call, name, arguments)
        self._pass_over(time.monotonic() - started)
        if self.helper is not None:
            self._life.cpu -= self.helper.cpu_seconds - before
        return answer

    def _frame(self) -> tuple[int, int, bytes, bytes]:
        """Kind, position, nonce and body of the next one."""
        start = self._at + FRAME_HEADER.size
        if len(self._buffer) < start:
            self._fill(start)
        size, kind, position, nonce = FRAME_HEADER.unpack_from(self._buffer, self._at)
        if size > self._most:
            raise BadFrame("announced too much")
        end = start + size
        self._received += FRAME_HEADER.size + size
        if self._received > MAX_RESULTS * self._most:
            self.finish("memory", describe_flood(self._limits))
        if len(self._buffer) < end:
            self._fill(end)
        body = bytes(memoryview(self._buffer)[start:end])
        self._read_up_to(end)
        return kind, position, nonce, body

    def _read_up_to(self, end: int) -> None:
        """Forget what was read, much at once: to shift the rest after each short reply would cost more than to read."""
        if end == len(self._buffer) or end > CHUNK_BYTES:
            del self._buffer[:end]
            end = 0
        self._at = end

    def _fill(self, size: int) -> None:
        """Receive until there are so many bytes."""
        assert self._link is not None
        while len(self._buffer) < size:
            nap = min(_NAP_SECONDS, self._more * _STEP_SECONDS) if self.helper is None else 0.0
            if (nap or self._spare is not nothing) and not self._link.has_data():
                self._leave_alone(nap)
            chunk = self._link.receive(self._seconds_left, size - len(self._buffer))
            if not chunk:
                raise _HungUp
            self._buffer += chunk

    def _leave_alone(self, seconds: float) -> None:
        """Let the child work for so long; or else for as long as there is something else to do, and it says nothing."""
        assert self._link is not None
        started = now = time.monotonic()
        while (now - started < seconds or not self._link.has_data()) and self._spare():
            now = time.monotonic()
        if now - started < seconds:
            time.sleep(seconds - (now - started))
        else:
            self._pass_over(now - started - seconds)

    # --- how it ends ---

    def _close_link(self, hung_up: bool) -> Exit:
        assert self._link is not None
        link, self._link = self._link, None
        exit_ = link.end(hung_up)
        self._used = self._used_until(exit_.cpu_seconds)
        return exit_

    def finish(
        self, how: Literal["timeout", "memory", "output", "died", "protocol"], text: str, by_wall: bool = False
    ) -> None:
        """End the process for a reason, and say so. Always raises `ChildEnded`."""
        self.close()
        self.ended = Ended(how, text, by_wall)
        raise ChildEnded

    def _hung_up(self) -> None:
        status = self._close_link(hung_up=True).status
        spent = self._used.cpu + self._spent.cpu >= self._life.seconds
        self.ended = _describe_exit(status, self._life) if not spent else _out_of_time(self._life)
        raise ChildEnded


def encode_answer(helper: Helper | None, call: bytes, name: str, arguments: Any) -> bytes:
    """The answer to a helper's call, whatever the arguments are: they come from the submission."""
    try:
        args, kwargs = arguments
        if helper is None or type(args) is not list or type(kwargs) is not dict:
            raise TypeError("there is no such helper")
        return helper(call, name, args, kwargs)
    except (TypeError, ValueError) as problem:  # NotPlain among them
        return encode_request((False, ("TypeError", f"{name} can't be called like this: {problem}")))


def describe_flood(limits: Limits) -> str:
    """How a child ends that returned too much with all of its results together."""
    return f"returned more than {MAX_RESULTS * limits.result_bytes >> 20} MiB in all"


def _out_of_time(life: TimeBudget) -> Ended:
    return Ended("timeout", f"used more than {life.seconds:.3g} s of processor time {life.clause}")


def _describe_exit(status: int | None, life: TimeBudget) -> Ended:
    """How a process ended that we didn't end. `status` as in `Exit`."""
    if status is None:
        return Ended("died", "the code closed the line to the grader")
    if status >= 0:
        return Ended("died", f"the code ended the process (exit status {status})")
    import signal  # seldom needed: most processes are ended by us

    if -status == signal.SIGXCPU:
        return _out_of_time(life)
    if -status == signal.SIGKILL:
        return Ended("memory", NO_MEMORY_LEFT)
    if -status in (signal.SIGSEGV, signal.SIGBUS):
        return Ended("died", "the code crashed the process (memory fault: often a recursion without end)")
    if -status == signal.SIGSYS:
        return Ended("died", "the code asked the system for something that isn't allowed here")
    return Ended("died", f"the process was ended by signal {-status}")
