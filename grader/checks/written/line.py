"""The line to whoever answers a check in Python: a child, or functions in this very process."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from grader.limits import Limits
from grader.worker.shared.interpreter import StepRunner, run_on
from grader.worker.shared.steps import Outcome, Returned, Step
from grader.worker.shared.wire import Caps, decode, encode

#: Functions of ours that the other side may call, by the name under which it knows them.
Callbacks = Mapping[str, Callable[..., Any]]


class Line(Protocol):
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
        return tuple(map(_as_told, run_on(self._bench, steps)))


def _telling(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any, **words: Any) -> Any:
        return function(*(tell(arg) for arg in args), **{name: tell(value) for name, value in words.items()})

    return call


def _as_told(outcome: Outcome) -> Outcome:
    return outcome._replace(value=tell(outcome.value)) if isinstance(outcome, Returned) else outcome


def tell(value: Any) -> Any:
    """A value as it comes out of a child: a copy, and `Opaque` where it is no plain value."""
    caps = Caps(Limits().result_bytes)
    return decode(encode(value, caps), caps)
