"""lasting: a later call, with other arguments, leaves an earlier result as it was."""

from __future__ import annotations

from typing import Any

from grader.checks.finding import PASSED, Finding, failed, show
from grader.checks.question import Answer, Functions, Question, inputs_shown, no_value, plain_call
from grader.checks.unchanged import same
from grader.worker.steps import Ask, Call, Ref, Returned, Step


def steps(question: Question) -> tuple[Step, ...]:
    """Call, call again with other arguments, and ask what the first result holds now."""
    situation = question.situation
    others = tuple(situation.later.get(name, situation.names[name]) for name in situation.arguments)
    return (plain_call(question), Call(question.function.name, others), Ask(Ref(0)))


def truth(question: Question, functions: Functions) -> Any:
    """The result as it first was is the measure."""
    return None


def judge(question: Question, truth: Any, answer: Answer) -> Finding:
    """Compare the first result before and after the second call."""
    if (finding := no_value(question, answer.outcomes)) is not None:
        return finding
    before, _, after = answer.outcomes
    assert isinstance(before, Returned)
    assert isinstance(after, Returned)
    if same(before.value, after.value):
        return PASSED
    return failed(
        "overwritten",
        situation=question.situation.label,
        inputs=inputs_shown(question),
        expected=show(before.value),
        actual=show(after.value),
        note="The first result stands above; below, what it held after a second call with other arguments.",
    )
