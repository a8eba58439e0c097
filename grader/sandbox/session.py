"""Ask a child, within its limits, and never take its word for more than a value.

Every reply must carry the request's nonce and its own position, decode to plain values of the right types, and be the
last thing said until the next request. The clocks are ours. What breaks a rule ends the child, and that is an `Ended`.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Literal, NamedTuple

from grader.errors import SandboxError
from grader.limits import WALL_FACTOR, Limits
from grader.sandbox.replies import decode_reply
from grader.sandbox.transport import CHUNK_BYTES, Exit, Transport
from grader.worker.shared import messages
from grader.worker.shared.messages import Frame, reply_sizes
from grader.worker.shared.requests import encode_request
from grader.worker.shared.steps import Ended
from grader.worker.shared.wire import FRAME_HEADER, BadFrame

MAX_CALLBACKS = 10_000  # in one call
MAX_RESULTS = 4  # results of the largest size in a child's life, or as much in smaller ones
#: While a child has many steps to answer, it is left alone for as long as the quickest ones take: to be woken for each
#: answer would cost both sides more than the step does. One that calls helpers waits for us, so it is never left alone.
_STEP_SECONDS = 25e-6
_NAP_SECONDS = 0.002
READING = "while what was handed in was read"
START_SECONDS = 60.0  # for the other process to lock itself in, or to import numpy from a cold disk


class ChildEnded(Exception):  # noqa: N818 - it says what happened
    """The child has ended, or was ended; the conversation's `ended` says how."""


class _LimitReached(Exception):  # noqa: N818 - as above
    """A limit is used up."""


class _HungUp(Exception):  # noqa: N818 - as above
    """The child closed its end of the line, most likely by dying."""


class TimeBudget(NamedTuple):
    """Processor time for one purpose, and `WALL_FACTOR` times as much by the wall clock."""

    seconds: float
    clause: str  #: "in one call"
    cpu: float  #: the clocks' readings when it began
    wall: float

    def seconds_left(self, cpu: float, wall: float) -> float:
        """Seconds after which it's worth looking again: processor time can't run faster than the wall clock."""
        cpu_left = self.seconds - (cpu - self.cpu)
        wall_left = WALL_FACTOR * self.seconds - (wall - self.wall)
        if cpu_left <= 0:
            raise _LimitReached(f"used more than {self.seconds:.3g} s of processor time {self.clause}")
        if wall_left <= 0:
            raise _LimitReached(f"took more than {WALL_FACTOR * self.seconds:.3g} s by the wall clock {self.clause}")
        return min(cpu_left, wall_left)


#: What may be said in reply to what.
_REPLIES = {
    messages.READ: frozenset({messages.SLICED}),
    messages.LOAD: frozenset({messages.LOADED, messages.FLOODED}),
    messages.RUN: frozenset(
        {messages.RETURNED, messages.RAISED, messages.SKIPPED, messages.FLOODED, messages.CALLBACK}
    ),
}

#: Answers a call of a replaced helper: whether it went well, and the value or the (type, text) of its failure.
Helper = Callable[[str, Any, Any], tuple[bool, Any]]


class Session:
    """The requests to one process and its replies."""

    def __init__(self, link: Transport, limits: Limits) -> None:
        self.ended: Ended | None = None
        self.helper: Helper | None = None  #: answers calls within the steps that are asked; None: there are none
        self._link: Transport | None = link
        self._limits = limits
        self._caps = reply_sizes(limits.output_bytes, limits.result_bytes).reply
        self._most = self._caps.bytes  # of one reply
        self._buffer = bytearray()
        self._at = 0  # what lies before it in the buffer was read
        self._received = 0  # bytes of replies in this child's life: somebody keeps them all
        self._life = TimeBudget(limits.submission_seconds, "in all", link.cpu_seconds(), time.monotonic())
        self._step: TimeBudget | None = None  # of the reply that is waited for
        self._terms = (limits.submission_seconds, "in all")
        self._more = 0  # replies that will follow the one that is waited for
        self._idle_since = time.monotonic()
        self._used = 0.0
        self._greeted = False
        self._begin(link)

    @property
    def cpu_seconds(self) -> float:
        """What the kernel says that the process has used; final after its end."""
        return self._used if self._link is None else self._link.cpu_seconds() - self._life.cpu

    def ask(self, kind: int, request: bytes, count: int, clause: str, seconds: float) -> Iterator[tuple[int, Any]]:
        """Kind of `count` replies and what is told in them, as they arrive, each within `seconds` of processor time.

        Raises `ChildEnded` when the child has ended, `SandboxError` when it never locked itself in.
        """
        try:
            self._require_idle()
            nonce = os.urandom(messages.NONCE_BYTES)
            self._terms, self._step = (seconds, clause), None
            self._link.send(messages.frame(kind, 0, nonce, request), self._seconds_left)  # type: ignore[union-attr]
            for position in range(count):
                self._step = None  # a reply that lies there already needs no clock
                self._more = count - position - 1
                yield self._reply(nonce, position, _REPLIES[kind])
            self._idle_since = time.monotonic()
        except _LimitReached as spent:
            self.finish("timeout", str(spent))
        except BadFrame as problem:
            self.finish("protocol", f"the code wrote to the grader's own line ({problem})")
        except (_HungUp, OSError):
            self._hung_up()

    def read(self, request: bytes, seconds: float) -> bytes:
        """What is told of a submission that was read. It has limits of its own: the life of its code begins after it.

        Raises as `ask` does.
        """
        self._most, self._life = messages.SLICED_BYTES, self._life._replace(seconds=seconds, clause=READING)
        [(_, told)] = self.ask(messages.READ, request, 1, READING, seconds)
        assert self._link is not None
        self._most, self._received = self._caps.bytes, 0
        self._life = TimeBudget(self._limits.submission_seconds, "in all", self._link.cpu_seconds(), time.monotonic())
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
        now = time.monotonic()
        self._life = self._life._replace(wall=self._life.wall + now - self._idle_since)

    def _begin(self, link: Transport) -> None:
        """Say how much replies may hold, so that it lies there when the process has locked itself in."""
        sizes = encode_request([self._limits.output_bytes, self._limits.result_bytes])
        with suppress(OSError):  # it has ended already, as its first request will show
            link.send(messages.frame(messages.BEGIN, 0, bytes(messages.NONCE_BYTES), sizes), lambda: START_SECONDS)

    def _handshake(self, link: Transport) -> None:
        """Hear that the process has locked itself in, from before any code of the submission reached it."""
        self._terms, self._step = (START_SECONDS / WALL_FACTOR, "to start"), None
        try:
            ready = self._frame()
            if ready.body:
                raise BadFrame(ready.body.decode(errors="replace"))
        except (_LimitReached, _HungUp, OSError, BadFrame) as problem:
            status = self._close_link(hung_up=True).status
            why = str(problem) or f"it ended with status {status}"
            raise SandboxError(f"a process for the submission didn't get ready: {why}") from None
        self._greeted = True
        self._life = self._life._replace(cpu=link.cpu_seconds())

    def _seconds_left(self) -> float:
        """Seconds for which it's worth waiting. Raises `_Spent` when there are none left."""
        assert self._link is not None
        cpu, wall = self._link.cpu_seconds(), time.monotonic()
        if self._step is None:
            self._step = TimeBudget(*self._terms, cpu, wall)
        return min(self._step.seconds_left(cpu, wall), self._life.seconds_left(cpu, wall))

    def _reply(self, nonce: bytes, position: int, expected: frozenset[int]) -> tuple[int, Any]:
        for _ in range(MAX_CALLBACKS + 1):
            reply = self._frame()
            if reply.nonce != nonce or reply.position != position or reply.kind not in expected:
                raise BadFrame("out of turn")
            if reply.kind == messages.SLICED:  # who asks takes it apart
                return reply.kind, reply.body
            said = decode_reply(reply.kind, bytes(reply.body), self._caps)
            if reply.kind == messages.FLOODED:
                self.finish("output", "printed more than 32 MiB")
            if reply.kind != messages.CALLBACK:
                return reply.kind, said
            self._call_back(nonce, *said)
        raise _LimitReached(f"called other functions more than {MAX_CALLBACKS:,} times in one call")

    def _call_back(self, nonce: bytes, arguments: Any, name: str) -> None:
        """Answer a call of a replaced helper; the time that takes is not the child's."""
        started = time.monotonic()
        answer = encode_answer(self.helper, name, arguments)
        took = time.monotonic() - started
        if self._step is not None:
            self._step = self._step._replace(wall=self._step.wall + took)
        self._life = self._life._replace(wall=self._life.wall + took)
        assert self._link is not None
        self._link.send(messages.frame(messages.ANSWER, 0, nonce, answer), self._seconds_left)

    def _frame(self) -> Frame:
        start = self._at + FRAME_HEADER.size
        self._fill(start)
        size, kind, position, nonce = FRAME_HEADER.unpack_from(self._buffer, self._at)
        if size > self._most:
            raise BadFrame("announced too much")
        end = start + size
        self._received += FRAME_HEADER.size + size
        if self._received > MAX_RESULTS * self._most:
            self.finish("memory", f"returned more than {MAX_RESULTS * self._limits.result_bytes >> 20} MiB in all")
        self._fill(end)
        body = bytes(memoryview(self._buffer)[start:end])
        self._read_up_to(end)
        return Frame(kind, position, nonce, body)

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
            if self._more and self.helper is None and not self._link.has_data():
                time.sleep(min(_NAP_SECONDS, self._more * _STEP_SECONDS))
            chunk = self._link.receive(self._seconds_left, size - len(self._buffer))
            if not chunk:
                raise _HungUp
            self._buffer += chunk

    # --- how it ends ---

    def _close_link(self, hung_up: bool) -> Exit:
        assert self._link is not None
        link, self._link = self._link, None
        exit_ = link.end(hung_up)
        self._used = max(0.0, exit_.cpu_seconds - self._life.cpu)
        return exit_

    def finish(self, how: Literal["timeout", "memory", "output", "died", "protocol"], text: str) -> None:
        """End the process for a reason, and say so. Always raises `ChildEnded`."""
        self.close()
        self.ended = Ended(how, text)
        raise ChildEnded

    def _hung_up(self) -> None:
        status = self._close_link(hung_up=True).status
        spent = self._used >= self._life.seconds
        self.ended = _describe_exit(status, self._life) if not spent else _out_of_time(self._life)
        raise ChildEnded


def encode_answer(helper: Helper | None, name: str, arguments: Any) -> bytes:
    """The answer to a helper's call, whatever the arguments are: they come from the submission."""
    try:
        args, kwargs = arguments
        if helper is None or type(args) is not list or type(kwargs) is not dict:
            raise TypeError("there is no such helper")
        return encode_request(helper(name, args, kwargs))
    except (TypeError, ValueError) as problem:  # NotPlain among them
        return encode_request((False, ("TypeError", f"{name} can't be called like this: {problem}")))


def _out_of_time(life: TimeBudget) -> Ended:
    return Ended("timeout", f"used more than {life.seconds:.3g} s of processor time in all")


def _describe_exit(status: int | None, life: TimeBudget) -> Ended:
    """How a process ended that we didn't end. `status` as in `Exit`."""
    if status is None:
        return Ended("died", "the code closed the line to the grader")
    if status >= 0:
        return Ended("died", f"the code ended the process (exit status {status})")
    if -status == signal.SIGXCPU:
        return _out_of_time(life)
    if -status == signal.SIGKILL:
        return Ended("memory", "the machine ran out of memory, and the system ended the process")
    if -status in (signal.SIGSEGV, signal.SIGBUS):
        return Ended("died", "the code crashed the process (memory fault: often a recursion without end)")
    if -status == signal.SIGSYS:
        return Ended("died", "the code asked the system for something that isn't allowed here")
    return Ended("died", f"the process was ended by signal {-status}")
