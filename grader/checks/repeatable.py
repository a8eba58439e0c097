"""repeatable: the same call gives the same answer."""

from __future__ import annotations

from typing import Any

from grader.checks.finding import PASSED, Finding, fail, show_later
from grader.checks.question import Answer, Kind, Question, calling, no_value
from grader.checks.unchanged import is_same
from grader.rubric.check_keys import CALLED, DRAWN, JUDGED
from grader.rubric.model import Check
from grader.worker.shared.steps import Returned, Step

#: Sums may be taken in another order the second time; a drawn number differs by far more.
ROUNDING = 1e-9


def steps(question: Question) -> tuple[Step, ...]:
    """The same call twice, each with fresh copies of its arguments."""
    once = calling(question)
    return (*once, *calling(question, len(once)))


def judge(question: Question, truth: Any, answer: Answer) -> Finding:
    """Compare the two answers."""
    if (finding := no_value(question, answer.outcomes)) is not None:
        return finding
    first, second = answer.outcomes[len(answer.outcomes) // 2 - 1], answer.outcomes[-1]
    assert isinstance(first, Returned)
    assert isinstance(second, Returned)
    if is_same(first.value, second.value, question.check.measure.tolerance or ROUNDING):
        return PASSED
    return fail(
        "unrepeatable",
        situation=question.situation.label,
        inputs=question.show_inputs,
        expected=show_later(first.value),
        actual=show_later(second.value),
        note="The first answer stands above the second.",
    )


def describe(check: Check) -> str:
    """What is the same."""
    return f"The same call, made twice, gives the same answer, to {check.measure.tolerance or ROUNDING:g} of its size."


KIND = Kind(
    describe=describe,
    keys={**DRAWN, **CALLED, "tolerance": JUDGED["tolerance"]},
    steps=steps,
    judge=judge,
    reasons={"unrepeatable": "The same call gave another answer the second time."},
    facts={
        "unrepeatable": (
            "another answer to the same question",
            "What differs between the two calls? Something kept from the last call, or random numbers of your own?",
        ),
    },
    own_counterexample=True,
)
