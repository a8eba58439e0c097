"""lasting: a later call leaves an earlier result as it was, and an earlier call leaves no trace in a later one."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
from msgspec.structs import replace

from grader.checks.finding import Finding, fail, show_later, show_value
from grader.checks.leaves import select_truth
from grader.checks.question import (
    Answer,
    FunctionsByName,
    Kind,
    Question,
    calling,
    no_value,
    reference_result,
)
from grader.checks.results import judge_result
from grader.checks.unchanged import is_same
from grader.rubric.check_keys import CALLED, DRAWN, JUDGED
from grader.rubric.fields import INPUTS
from grader.rubric.model import Check
from grader.worker.shared.steps import Call, Inspect, Ref, Returned, Step, StoreValue, Stub


def _later(question: Question) -> Question:
    """The question of the later call."""
    situation = question.situation
    return replace(question, situation=replace(situation, names={**situation.names, **situation.later}))


#: Runs in the child: the later numbers go into the very arrays that the first call got, as they do when a loop
#: moves its parameters, so that answers remembered by an array's identity are found out.
REFILL = Stub("def refill(target, value):\n    target[...] = value\n", "refill", {})


class _LastingSteps(msgspec.Struct, frozen=True):
    steps: tuple[Step, ...]
    first: int  #: the position of the first call
    second: int


def _script(question: Question) -> _LastingSteps:
    names, later = question.situation.names, question.situation.later
    arrays = [name for name, value in later.items() if _has_room(names[name], value)]
    refs = {name: Ref(1 + i) for i, name in enumerate(arrays)}
    puts = (StoreValue(REFILL), *(StoreValue(names[name]) for name in arrays))
    once = calling(question, len(puts), refs)
    refills = tuple(Call(Ref(0), (refs[name], later[name]), quiet=True) for name in arrays)
    before = len(puts) + len(once) + len(refills)
    again = calling(_later(question), before, refs)
    first = len(puts) + len(once) - 1
    return _LastingSteps((*puts, *once, *refills, *again, Inspect(Ref(first))), first, before + len(again) - 1)


def _has_room(first: Any, later: Any) -> bool:
    """Whether the first call's array has room for the later one's numbers."""
    arrays = isinstance(first, np.ndarray) and isinstance(later, np.ndarray)
    return arrays and first.shape == later.shape and first.dtype == later.dtype


def steps(question: Question) -> tuple[Step, ...]:
    """Call, call again with other numbers in the same arrays, and ask what the first result holds now."""
    return _script(question).steps


def truth(question: Question, functions: FunctionsByName) -> Any:
    """What the reference returns for the later call."""
    return select_truth(_later(question), reference_result(_later(question), functions))


def judge(question: Question, truth: Any, answer: Answer) -> Finding:
    """Compare the first result before and after the second call, and the second with the truth."""
    if (finding := no_value(question, answer.outcomes)) is not None:
        return finding
    script = question.keep("_lasting", lambda: _script(question))
    before, second, after = answer.outcomes[script.first], answer.outcomes[script.second], answer.outcomes[-1]
    assert isinstance(before, Returned)
    assert isinstance(second, Returned)
    assert isinstance(after, Returned)
    if is_same(before.value, after.value):
        finding = judge_result(_later(question), truth, second.value)
        return finding if finding.passed else replace(finding.add(earlier=question.show_inputs), reason="stale")
    return fail(
        "overwritten",
        situation=question.situation.label,
        inputs=question.show_inputs,
        expected=show_later(before.value),
        actual=show_later(after.value),
        later=lambda: {name: show_value(value) for name, value in question.situation.later.items()},
        note="The first result stands above; below, what it held after a second call with other arguments.",
    )


#: What both faults are called, and what to look for.
STAYS = (
    "something stays from one call to the next",
    "Look for arrays and lists that are made once and written to each time.",
)


def describe(check: Check) -> str:
    """What lasts."""
    return "What a call gave stays as it is after a later call with other arguments, whose answer is right, too."


KIND = Kind(
    describe=describe,
    keys={**DRAWN, **CALLED, "later": INPUTS, "tolerance": JUDGED["tolerance"]},
    needed=("later",),
    steps=steps,
    truth=truth,
    judge=judge,
    reasons={
        "overwritten": "A later call changed the result of an earlier one.",
        "stale": "The answer to a second call, with other arguments, is wrong: does something stay from the first?",
    },
    facts={"overwritten": STAYS, "stale": STAYS},
    after_values=("stale",),
    own_counterexample=True,
)
