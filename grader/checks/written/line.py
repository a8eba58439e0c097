"""The line to whoever answers a check in Python: a child, or functions in this very process."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout
from io import StringIO
from typing import Any, Protocol

from grader.limits import Limits
from grader.worker.shared.interpreter import StepRunner, run_on
from grader.worker.shared.requests import NotPlain, encode_request
from grader.worker.shared.steps import Outcome, Returned, Step
from grader.worker.shared.wire import Caps, decode, encode

#: Functions of ours that the other side may call, by the name under which it knows them.
Callbacks = Mapping[str, Callable[..., Any]]


class Misused(Exception):  # noqa: N818 - it says what happened
    """A check asks for what can't be asked: the instructor's fault."""


CANT_BE_SENT = "{} can't be sent to a student's function: pass numbers, text, None, arrays, lists and dicts of them, \
functions, and generators of numpy"


class ChildLine(Protocol):
    """Answers steps; later ones may refer to what earlier ones left."""

    def ask(self, steps: Sequence[Step], callbacks: Callbacks) -> tuple[Outcome, ...]:
        """An outcome for each step."""


class LineHere:
    """Functions of this process, which is for an instructor's own code; values come as a child would tell them."""

    def __init__(self, functions: Mapping[str, Callable[..., Any]]) -> None:
        self._callbacks: dict[str, Callable[..., Any]] = {}
        self._bench = StepRunner(functions.__getitem__, self._callbacks.__getitem__)

    def ask(self, steps: Sequence[Step], callbacks: Callbacks) -> tuple[Outcome, ...]:
        """Carry the steps out."""
        self._callbacks |= {name: _telling(function) for name, function in callbacks.items()}
        try:
            encode_request(list(steps))  # what can't be sent to a child is refused here, too
        except NotPlain as problem:
            raise Misused(CANT_BE_SENT.format(problem)) from None
        with redirect_stdout(StringIO()) as printed:
            outcomes = run_on(self._bench, steps)
        return tuple(_as_told(outcome, printed.getvalue()) for outcome in outcomes)


def _telling(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any, **words: Any) -> Any:
        return function(*(tell(arg) for arg in args), **{name: tell(value) for name, value in words.items()})

    return call


def _as_told(outcome: Outcome, printed: str) -> Outcome:
    return Returned(tell(outcome.value), printed) if isinstance(outcome, Returned) else outcome


def tell(value: Any) -> Any:
    """A value as it comes out of a child: a copy, and `Opaque` where it is no plain value."""
    caps = Caps(Limits().result_bytes)
    return decode(encode(value, caps), caps)
