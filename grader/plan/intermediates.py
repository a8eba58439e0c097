"""How large a question is: the numbers that go into it, and the largest array that the reference makes on the way."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import FrameType
from typing import Any

import numpy as np

from grader.sandbox.helper_meter import count_entries
from grader.worker.shared.interpreter import run_here
from grader.worker.shared.steps import Call, Step, StoreValue, Stub


def count_inputs(steps: Sequence[Step]) -> int:
    """The entries of all values that steps hand over."""
    return sum(map(count_entries, _values(steps)))


def _values(steps: Sequence[Step]) -> Iterator[Any]:
    for step in steps:
        if isinstance(step, StoreValue) and not isinstance(step.value, Stub):
            yield step.value
        elif isinstance(step, Call):
            yield from (*step.args, *step.kwargs.values())


def largest_array(steps: Sequence[Step], functions: Mapping[str, Callable[..., Any]]) -> int:
    """The entries of the largest array that one of these functions' modules makes while the steps run here."""
    largest, modules = 0, {function.__module__ for function in functions.values()}

    def look(frame: FrameType, event: str, result: Any) -> None:
        nonlocal largest
        if event == "return" and frame.f_globals.get("__name__") in modules:
            largest = max([largest, *(each.size for each in _made_in(frame, result) if isinstance(each, np.ndarray))])

    before = sys.getprofile()
    sys.setprofile(look)
    try:
        with np.errstate(all="ignore"):
            run_here(steps, functions)
    finally:
        sys.setprofile(before if callable(before) else None)  # cProfile's own can't be set again
    return largest


def _made_in(frame: FrameType, result: Any) -> Iterator[Any]:
    """What a function gives back, and holds under names that aren't its parameters."""
    code = frame.f_code
    parameters = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    yield from result if isinstance(result, tuple) else (result,)
    yield from (value for name, value in frame.f_locals.items() if name not in parameters)
