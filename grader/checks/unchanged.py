"""unchanged: after the call the arguments hold what they held before, to within `within`."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.checks.calls import can_change
from grader.checks.finding import PASSED, Finding, fail, show_later
from grader.checks.question import Answer, Kind, Question, calling, no_value, specifics
from grader.rubric.check_keys import CALLED, DRAWN, Checks, FunctionScope
from grader.rubric.fields import NUMBER, TEXTS, Found
from grader.rubric.model import Check, Specifics
from grader.worker.shared.steps import Inspect, Ref, Returned, Step, StoreValue
from grader.worker.shared.tables import Table, flatten_all

#: What the check sees to happen.
CHANGED = "an argument is changed"


class Unchanged(Specifics, frozen=True):
    """How far an argument may have moved, and which ones are looked at."""

    within: float
    of: tuple[str, ...] = ()  #: none: all that can be changed


def read(reader: Checks, found: Found, around: FunctionScope) -> Unchanged:
    """`within: 1e-12, of: [x]`"""
    of = reader.named(found.get("of"), "of", around.arguments) or ()
    return Unchanged(reader.number(found.get("within"), "within") or 0.0, of)


def _mutable_arguments(question: Question) -> tuple[str, ...]:
    """The arguments that can be changed in place."""
    names, of = question.situation.names, specifics(question, Unchanged).of
    return tuple(n for n in of or question.situation.arguments if can_change(names[n]))


def steps(question: Question) -> tuple[Step, ...]:
    """Put the arguments where they can be looked at, call, and ask what they hold now."""
    names, watched = question.situation.names, _mutable_arguments(question)
    refs = {name: Ref(i) for i, name in enumerate(watched)}
    puts = [StoreValue(names[name]) for name in watched]
    return (*puts, *calling(question, len(puts), refs), *(Inspect(ref) for ref in refs.values()))


def judge(question: Question, truth: Any, answer: Answer) -> Finding:
    """Compare each argument with what was put there."""
    if (finding := no_value(question, answer.outcomes)) is not None:
        return finding
    watched = _mutable_arguments(question)
    for name, outcome in zip(watched, answer.outcomes[len(answer.outcomes) - len(watched) :], strict=True):
        assert isinstance(outcome, Returned)
        before, after = flatten_all(question.situation.names[name]), outcome.value
        if not is_same(before, after, specifics(question, Unchanged).within):
            note = f"Expected is what the argument {name} held before the call, returned is what it holds after it."
            shown = {"situation": question.situation.label, "inputs": question.show_inputs, "argument": name}
            return fail("changed", expected=show_later(before), actual=show_later(after), note=note, **shown)
    return PASSED


def is_same(a: Any, b: Any, within: float = 0.0) -> bool:
    """Whether two plain values are the same, number by number to within `within`; NaN is the same as NaN."""
    if isinstance(a, (tuple, list)) and isinstance(b, (tuple, list)):
        return len(a) == len(b) and all(is_same(x, y, within) for x, y in zip(a, b, strict=True))
    if isinstance(a, Table) and isinstance(b, Table):
        return a.form == b.form and is_same(a.parts, b.parts, within)
    if isinstance(a, dict) and isinstance(b, dict):  # `==` would ask arrays in it for their truth
        return a.keys() == b.keys() and all(is_same(value, b[key], within) for key, value in a.items())
    if isinstance(a, (np.ndarray, np.generic, int, float, complex)) and isinstance(b, type(a)):
        return _has_same_numbers(np.asarray(a), np.asarray(b), within)
    return type(a) is type(b) and bool(a == b)


def _has_same_numbers(a: Any, b: Any, within: float) -> bool:
    if a.shape != b.shape or a.dtype != b.dtype:
        return False
    if within == 0.0 or a.dtype.kind not in "fc":
        return bool(np.array_equal(a, b, equal_nan=a.dtype.kind in "fc"))
    return bool(np.allclose(b, a, rtol=0.0, atol=within, equal_nan=True))


def describe(check: Check) -> str:
    """What stays."""
    assert isinstance(check.specifics, Unchanged)
    what = ", ".join(check.specifics.of) or "every argument"
    within = f", give or take {check.specifics.within:g}" if check.specifics.within else ""
    return f"The call leaves {what} as it was{within}."


KIND = Kind(
    describe=describe,
    keys={**DRAWN, **CALLED, "within": NUMBER, "of": TEXTS},
    read=read,
    steps=steps,
    judge=judge,
    reasons={"changed": "The call changed its argument."},
    facts={
        "changed": (CHANGED, "What does the argument hold after the call? Begin with a copy."),
    },
    ignores_results=True,
    own_counterexample=True,
)
