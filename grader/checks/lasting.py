"""lasting: a later call leaves an earlier result as it was, and an earlier call leaves no trace in a later one."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from grader.checks.finding import Finding, failed, show
from grader.checks.question import (
    Answer,
    Functions,
    Question,
    calling,
    inputs_shown,
    no_value,
    reference_result,
)
from grader.checks.results import judge_result
from grader.checks.unchanged import same
from grader.worker.steps import Ask, Ref, Returned, Step


def _later(question: Question) -> Question:
    """The question of the later call."""
    situation = question.situation
    return replace(question, situation=replace(situation, names={**situation.names, **situation.later}))


def steps(question: Question) -> tuple[Step, ...]:
    """Call, call again with other arguments, and ask what the first result holds now."""
    once = calling(question)
    return (*once, *calling(_later(question), len(once)), Ask(Ref(len(once) - 1)))


def truth(question: Question, functions: Functions) -> Any:
    """What the reference returns for the later call."""
    return reference_result(_later(question), functions)


def judge(question: Question, truth: Any, answer: Answer) -> Finding:
    """Compare the first result before and after the second call, and the second with the truth."""
    if (finding := no_value(question, answer.outcomes)) is not None:
        return finding
    once = len(calling(question))
    before, second, after = answer.outcomes[once - 1], answer.outcomes[-2], answer.outcomes[-1]
    assert isinstance(before, Returned)
    assert isinstance(second, Returned)
    assert isinstance(after, Returned)
    if same(before.value, after.value):
        finding = judge_result(_later(question), truth, second.value)
        return finding if finding.passed else replace(finding, reason="stale")
    return failed(
        "overwritten",
        situation=question.situation.label,
        inputs=inputs_shown(question),
        expected=show(before.value),
        actual=show(after.value),
        note="The first result stands above; below, what it held after a second call with other arguments.",
    )
