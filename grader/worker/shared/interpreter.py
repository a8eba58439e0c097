"""Carry out steps: the same few lines run a submission in its jail and a reference in the trusted process."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Mapping, Sequence
from types import CodeType
from typing import Any

import numpy as np

from .steps import (
    Call,
    Inspect,
    Outcome,
    OutsideStub,
    Proxy,
    Raised,
    Ref,
    Returned,
    Skipped,
    Step,
    StoreValue,
    Stub,
    StudentFunction,
    Value,
)
from .tables import flatten_all, is_table

Resolve = Callable[[str], Callable[..., Any]]

_NOTHING: Any = object()  # fills the slot of a step that gave no value
_KNOWN = (np.ndarray, Stub)  # kept here: a submission may put something else in numpy


class NoValueError(LookupError):
    """What a step refers to gave no value, or has no such part."""


class StepRunner:
    """The slots of one message. `resolve` finds a function by name; `proxy` makes a callable of a `Proxy`."""

    def __init__(self, resolve: Resolve, proxy: Resolve | None = None) -> None:
        self._resolve = resolve
        self._proxy = proxy or resolve
        self._slots: list[Any] = []

    def perform(self, step: Step) -> Any:
        """Do one step and fill its slot; what comes back is the very object in the slot.

        Raises `NoValueError`, or anything at all that the called code raises.
        """
        self._slots.append(_NOTHING)
        value = self._do(step)
        self._slots[-1] = value
        return value

    def forget(self) -> None:
        """Empty the last slot: nobody will refer to it."""
        self._slots[-1] = _NOTHING

    def _do(self, step: Step) -> Any:
        if isinstance(step, StoreValue):
            return self._argument(step.value)
        if isinstance(step, Inspect):
            return self._follow(step.ref)
        named = isinstance(step.function, str)
        function = self._resolve(step.function) if named else self._follow(step.function)  # type: ignore[arg-type]
        args = [self._argument(value) for value in step.args]
        kwargs = {name: self._argument(value) for name, value in step.kwargs.items()}
        return function(*args, **kwargs)

    def _argument(self, value: Value | Ref | Stub | OutsideStub | Proxy | StudentFunction) -> Any:
        if isinstance(value, Ref):
            return self._follow(value)
        if isinstance(value, Stub):
            return make_stub(value)
        if isinstance(value, OutsideStub):
            return make_stub(value.stub)
        if isinstance(value, Proxy):
            return self._proxy(value.name)
        if isinstance(value, StudentFunction):
            return self._resolve(value.name)
        if type(value) in (tuple, list):
            return type(value)(self._argument(item) for item in value)
        if type(value) is dict:
            return {key: self._argument(item) for key, item in value.items()}
        return value

    def _follow(self, ref: Ref) -> Any:
        value = self._slots[ref.step] if ref.step < len(self._slots) - 1 else _NOTHING
        if value is _NOTHING:
            raise NoValueError(f"step {ref.step + 1}, which this step needs, gave no value")
        for part in ref.path:
            value = _take_part(value, part)
        return value


def _take_part(value: Any, part: int | str) -> Any:
    try:
        if isinstance(part, str) and part.startswith("."):
            return getattr(value, part[1:])
        return value[part]
    except (AttributeError, LookupError, TypeError):
        shown = part if isinstance(part, str) and part.startswith(".") else f"[{part!r}]"
        raise NoValueError(f"the earlier result ({type(value).__name__}) has no part {shown}") from None


def is_told(step: Step, is_last: bool) -> bool:
    """Whether a child says what came of a step: not where it stores what was sent to it, unless nothing follows."""
    return is_last or type(step) is not StoreValue or type(step.value) not in _KNOWN


def reported_value(step: Step, value: Any) -> Any:
    """What is said of a step's value; nothing of what only later steps use."""
    if isinstance(step, StoreValue):
        return None if isinstance(step.value, Stub) else value
    return None if isinstance(step, Call) and step.quiet else value


def make_stub(stub: Stub) -> Callable[..., Any]:
    """The callable that a stub stands for: its source sees numpy as `np`, and its data is bound by keyword."""
    namespace: dict[str, Any] = {"np": np, "__name__": "stub"}
    exec(_compile(stub.source), namespace)
    function: Callable[..., Any] = namespace[stub.name]
    if not isinstance(function, type):
        function = _with_numpy_floats(function)
    if not stub.data:
        return function
    return functools.update_wrapper(functools.partial(function, **stub.data), function, updated=())


def _with_numpy_floats(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, giving numpy's floats for Python's: `.sum()` of a cost is right where np.sum made it."""

    def call(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        if type(result) is tuple:
            return tuple(np.float64(item) if type(item) is float else item for item in result)
        return np.float64(result) if type(result) is float else result

    call.__name__ = call.__qualname__ = function.__name__
    return call


@functools.lru_cache(maxsize=64)
def _compile(source: str) -> CodeType:
    return compile(source, "<stub>", "exec", dont_inherit=True)


def copy_value(value: Any) -> Any:
    """A copy that shares no array and no container with `value`. Whatever is no plain value stays itself."""
    kind = type(value)
    if isinstance(value, np.ndarray):
        return value.copy()
    if kind in (list, tuple):
        return kind(copy_value(item) for item in value)
    if kind is dict:
        return {key: copy_value(item) for key, item in value.items()}
    if is_table(value):
        return value.copy()
    if kind is Stub:
        return value._replace(data=copy_value(value.data))
    if kind is OutsideStub:
        return value._replace(stub=copy_value(value.stub))
    return value


def _fresh_step(step: Step) -> Step:
    if isinstance(step, StoreValue):
        return StoreValue(copy_value(step.value))
    if isinstance(step, Call):
        return step._replace(args=copy_value(step.args), kwargs=copy_value(step.kwargs))
    return step


def run_here(steps: Sequence[Step], functions: Mapping[str, Callable[..., Any]]) -> tuple[Outcome, ...]:
    """Carry the steps out in this very process: for a reference, never for a submission.

    Every step gets copies of its own, so `functions` can change nothing that another step sees, and no step's answer
    changes later. Exceptions become `Raised`; `RuntimeWarning`s are silenced. Results that are no plain values
    come back as they are.
    """
    return run_on(StepRunner(functions.__getitem__), steps)


def run_on(bench: StepRunner, steps: Sequence[Step]) -> tuple[Outcome, ...]:
    """As `run_here`, after the steps that a bench has carried out before."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return tuple(_outcome_here(bench, _fresh_step(step)) for step in steps)


def _outcome_here(bench: StepRunner, step: Step) -> Outcome:
    try:
        return Returned(flatten_all(copy_value(reported_value(step, bench.perform(step)))))
    except NoValueError as problem:
        return Skipped(str(problem))
    except Exception as problem:  # noqa: BLE001 - whatever a reference raises is its answer
        return Raised(type(problem).__name__, str(problem))
