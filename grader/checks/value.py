"""value: the function's result is the reference's, or is what `expect` says."""

from __future__ import annotations

from typing import Any

from grader.checks.finding import Finding
from grader.checks.leaves import select_truth
from grader.checks.question import (
    Answer,
    FunctionsByName,
    Kind,
    Question,
    calling,
    last_outcome,
    no_value,
    reference_result,
)
from grader.checks.results import judge_result
from grader.rubric.check_keys import CALLED, DRAWN, EXPECTED, JUDGED
from grader.rubric.fields import EXPRESSION
from grader.rubric.model import Check
from grader.worker.shared.steps import Returned, Step


def steps(question: Question) -> tuple[Step, ...]:
    """One call."""
    return calling(question)


def truth(question: Question, functions: FunctionsByName) -> Any:
    """The reference's result, or the part that is asked for; with `expect` there is nothing to compute."""
    if question.check.measure.expect is not None:
        return None
    return select_truth(question, reference_result(question, functions, question.steps))


def judge(question: Question, truth: Any, answer: Answer) -> Finding:
    """Compare the result with the truth."""
    if (finding := no_value(question, answer.outcomes)) is not None:
        return finding
    outcome = last_outcome(answer.outcomes)
    assert isinstance(outcome, Returned)
    return judge_result(question, truth, outcome.value, outcome.printed)


def describe(check: Check) -> str:
    """What is compared with what."""
    if check.measure.expect is not None:
        also = f"; right as well: {', '.join(map(str, check.measure.allow))}" if check.measure.allow else ""
        return f"It is {check.measure.expect.text.removeprefix('result').strip()}{also}."
    what = "The result" if check.measure.part is None else f"Of the result, {check.measure.part}"
    if check.after is None:
        return f"{what} is the reference's."
    return f"After the call, {check.after.text} is what it is with the reference."


KIND = Kind(
    describe=describe,
    keys={**DRAWN, **CALLED, **JUDGED, **EXPECTED, "after": EXPRESSION},
    asks_values=True,
    steps=steps,
    truth=truth,
    judge=judge,
    compares_result=True,
)
