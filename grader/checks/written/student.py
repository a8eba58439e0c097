"""What a check in Python knows of a student: proxies of the functions, whose calls go to where the code runs."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from grader.checks.calls import OPERATE
from grader.checks.finding import Finding, show_value
from grader.checks.written.line import ChildLine, Misused
from grader.worker.shared.steps import (
    Call,
    Inspect,
    Outcome,
    Proxy,
    Raised,
    Ref,
    Returned,
    Step,
    StoreValue,
    Stub,
    StudentFunction,
    Value,
)
from grader.worker.shared.tables import build_all, is_table

#: Of one check.
MOST_CALLS = 10_000

#: Makes a generator in the state of one of ours.
GENERATOR = """
def generator(kind, state):
    made = getattr(np.random, kind)()
    made.state = state
    return np.random.Generator(made)
"""


class Stopped(Exception):  # noqa: N818 - it says what happened
    """The check is over: the student's answer is wrong, or there is none."""

    def __init__(self, finding: Finding | None, outcome: Outcome | None = None) -> None:
        super().__init__("the student's code gave no value" if finding is None else finding.reason)
        self.finding = finding
        self.outcome = outcome  #: where no value came


class Conversation:
    """All that is asked of a student's code in one check, and what came of it.

    Args:
        line: who answers.
    """

    def __init__(self, line: ChildLine) -> None:
        self._line = line
        self._asked = 0  # steps
        self._operate: Ref | None = None
        self._callbacks: dict[str, Callable[..., Any]] = {}
        self._failure: Stopped | None = None  # found while theirs called a function of ours
        self.said: list[tuple[Call, Outcome]] = []  #: each call of theirs, and what came of it
        self.printed = ""  #: by the last call
        self.seconds = 0.0  #: the longest that a step took, where it ran in this process

    def call(self, function: str | Ref, args: Sequence[Any], words: Mapping[str, Any], kept: bool = False) -> Any:
        """Call a function of theirs; with `kept` the result stays where it is."""
        passed = tuple(map(self.plain, args))
        step = Call(function, passed, {name: self.plain(value) for name, value in words.items()}, quiet=kept)
        ref, outcome = self.do(step)
        self.said.append((step, outcome))
        self.printed = outcome.printed if isinstance(outcome, (Returned, Raised)) else ""
        value = self.value_of(outcome)
        return Kept(self, ref) if kept else value

    def operate(self, how: str, *values: Any) -> None:
        """Have their process change something of theirs."""
        if self._operate is None:
            self._operate = self.do(StoreValue(OPERATE))[0]
        self.value_of(self.do(Call(self._operate, (how, *map(self.plain, values)), quiet=True))[1])

    def do(self, step: Step) -> tuple[Ref, Outcome]:
        """One step, and where its value lies."""
        if self._asked >= MOST_CALLS:
            raise Misused(f"it asks for more than {MOST_CALLS:,} calls")
        started = time.thread_time()
        (outcome,) = self._line.ask([step], self._callbacks)
        self.seconds = max(self.seconds, time.thread_time() - started)
        self._asked += 1
        return Ref(self._asked - 1), outcome

    def value_of(self, outcome: Outcome) -> Any:
        """The value of a step. Raises Stopped where there is none."""
        if self._failure is not None:
            raise self._failure
        if isinstance(outcome, Returned):
            return _as_object(outcome.value)
        raise Stopped(None, outcome)

    def plain(self, value: Any) -> Value:
        """A value for a step."""
        if isinstance(value, (Kept, Asked)):
            return vars(value)["_step"]
        if isinstance(value, np.random.Generator):
            return self._generator(value)
        if callable(value) and not is_table(value) and not isinstance(value, (type, np.generic)):
            return self._callback(value)
        if type(value) in (list, tuple):
            return type(value)(map(self.plain, value))
        if type(value) is dict:
            return {key: self.plain(item) for key, item in value.items()}
        return value

    def _generator(self, value: np.random.Generator) -> Ref:
        bits = value.bit_generator
        made = self.do(StoreValue(Stub(GENERATOR, "generator", {})))[0]
        return self.do(Call(made, (type(bits).__name__, bits.state), quiet=True))[0]

    def _callback(self, function: Callable[..., Any]) -> Value:
        name = secrets.token_hex(8)
        self._callbacks[name] = self._remembering(function)
        return Proxy(name)

    def _remembering(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function; a comparison of ours that fails in it ends the check once theirs has returned."""

        def call(*args: Any, **words: Any) -> Any:
            try:
                return function(*map(_as_object, args), **words)
            except Stopped as stopped:
                self._failure = self._failure or stopped
                raise

        return call


class StudentProxy:
    """The functions of a student, by their names: `student.metropolis(f, 0.0, 100)` gives what theirs returns.

    Args:
        names: the functions that may be asked.
        classes: those of them that make objects, which stay with the student's code.
    """

    def __init__(self, conversation: Conversation, names: frozenset[str], classes: frozenset[str]) -> None:
        self._conversation = conversation
        self._names = names
        self._classes = classes

    def __getattr__(self, name: str) -> Asked:
        if name.startswith("_") or name not in self._names:
            known = ", ".join(sorted(self._names))
            raise Misused(f"student.{name}: it may ask for {known}; the rubric's needs: names other functions")
        return Asked(self._conversation, name, name in self._classes)

    @property
    def printed(self) -> str:
        """What the last call printed."""
        return self._conversation.printed

    def keep(self, value: Any) -> Kept:
        """Leave a value with the student's code, so that several calls share it; `student.value` says what it holds."""
        talk = self._conversation
        return Kept(talk, talk.do(StoreValue(talk.plain(value)))[0])

    def value(self, kept: Kept) -> Any:
        """What something kept, or a part of it, holds now."""
        talk = self._conversation
        return talk.value_of(talk.do(Inspect(talk.plain(kept)))[1])


class Asked:
    """A function of the student's: to be called, or to be passed to another one of theirs."""

    def __init__(self, conversation: Conversation, name: str, makes: bool) -> None:
        self._conversation = conversation
        self._name = name
        self._makes = makes
        self._step = StudentFunction(name)

    def __call__(self, *args: Any, **words: Any) -> Any:
        return self._conversation.call(self._name, args, words, self._makes)


class Kept:
    """Something that stays with the student's code: an object of theirs, or a part of one."""

    _conversation: Conversation
    _step: Ref

    def __init__(self, conversation: Conversation, ref: Ref) -> None:
        vars(self).update(_conversation=conversation, _step=ref)

    def __call__(self, *args: Any, **words: Any) -> Any:
        return self._conversation.call(self._step, args, words)

    def __getattr__(self, name: str) -> Kept:
        return self._part(f".{_public(name)}")

    def __getitem__(self, key: int | str) -> Kept:
        return self._part(_key(key))

    def __setattr__(self, name: str, value: Any) -> None:
        self._conversation.operate("set attribute", self, _public(name), value)

    def __setitem__(self, key: int | str, value: Any) -> None:
        self._conversation.operate("set entry", self, _key(key), value)

    def _part(self, part: int | str) -> Kept:
        return Kept(self._conversation, Ref(self._step.step, (*self._step.path, part)))


def _as_object(value: Any) -> Any:
    """A value, its tables as objects where they can be made."""
    try:
        return build_all(value)
    except Exception:  # noqa: BLE001 - theirs may hold what no object can
        return value


def _public(name: str) -> str:
    if name.startswith("_"):
        raise Misused(f"{name}: names with a leading underscore are the student's own")
    return name


def _key(key: Any) -> int | str:
    if not isinstance(key, (int, str)) or (isinstance(key, str) and key.startswith(".")):
        raise Misused(f"[{key!r}]: an entry is a whole number or a text")
    return key


def show_call(call: Call) -> str:
    """A call of theirs as a report shows it."""
    words = [f"{name}={_show(value)}" for name, value in call.kwargs.items()]
    name = call.function if isinstance(call.function, str) else "".join(map(str, call.function.path)).lstrip(".")
    return f"{name}({', '.join([*map(_show, call.args), *words])})"


def _show(value: Any) -> str:
    if isinstance(value, Proxy):
        return "<a function>"
    if isinstance(value, StudentFunction):
        return value.name
    return "<an object>" if isinstance(value, Ref) else show_value(value)
