"""Functions that a question hands over and that are answered here: whoever reads them learns no more than by calling.

What runs in the child can be read there: its data, its name, its frames. Where those give the answer away (a gradient
to be checked, beside the slope that it should have), only the function's answers may go into the child. It is the
reference's own code that answers, on plain values of a bounded size.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from grader.sandbox.helper_meter import count_entries
from grader.worker.shared.interpreter import make_stub
from grader.worker.shared.steps import Call, OutsideStub, Step, StoreValue

#: Entries of the arguments of one call. A function may make an array of them all, beside each of its own data.
MOST_ENTRIES = 1 << 14

#: By their tokens: stubs, and functions of ours.
OutsideStubs = Mapping[str, OutsideStub | Callable[..., Any]]


def find_outside_stubs(steps: Sequence[Step]) -> dict[str, OutsideStub]:
    """Those that steps hand over, by their tokens."""
    return {stub.token: stub for step in steps for stub in _in(_handed_over(step))}


def _handed_over(step: Step) -> Any:
    if isinstance(step, Call):
        return (*step.args, *step.kwargs.values())
    return (step.value,) if isinstance(step, StoreValue) else ()


def _in(value: Any) -> Iterator[OutsideStub]:
    if isinstance(value, OutsideStub):
        yield value
    elif type(value) is tuple:
        for item in value:
            yield from _in(item)


def is_repeatable(outside: OutsideStub | Callable[..., Any]) -> bool:
    """Whether it answers the same call in the same way again.

    A stub is made anew for each call and sees nothing but numpy: only what is drawn there can tell two calls apart.
    """
    return isinstance(outside, OutsideStub) and "random" not in outside.stub.source


def call_outside(
    outside: OutsideStub | Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> tuple[bool, Any]:
    """What it gives for a submission's arguments, or (type, text) of how it fails."""
    if count_entries((list(args), dict(kwargs))) > MOST_ENTRIES:
        return False, ("ValueError", f"this function takes at most {MOST_ENTRIES:,} numbers")
    if not isinstance(outside, OutsideStub):
        return _call(outside, args, kwargs)
    stub = outside.stub
    if bound := kwargs.keys() & stub.data.keys():
        return False, ("TypeError", f"got an unexpected keyword argument {min(bound)!r}")
    return _call(make_stub(stub), args, kwargs)


def _call(function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[bool, Any]:
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return True, function(*args, **kwargs)
    except Exception as problem:  # noqa: BLE001 - whatever such arguments make it raise is its answer
        return False, (type(problem).__name__, str(problem))
