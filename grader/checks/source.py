"""source: the function does without what the rubric forbids. Advice only: source text proves nothing about a run."""

from __future__ import annotations

from typing import Any

from grader.checks.finding import PASSED, Finding, failed
from grader.checks.question import Answer, Functions, Question
from grader.worker.shared.steps import Step

MOST_SAID = 5  #: of the places that were found


def steps(question: Question) -> tuple[Step, ...]:
    """Nothing is run."""
    return ()


def truth(question: Question, functions: Functions) -> Any:
    """There is none."""
    return None


def judge(question: Question, truth: Any, answer: Answer) -> Finding:
    """What the child found of forbidden constructs, imports and dotted names in the function's own definition."""
    if not answer.facts.uses:
        return PASSED
    said = "; ".join(f"{word} in line {line}" for word, line in answer.facts.uses[:MOST_SAID])
    return failed("forbidden", note=f"Found: {said}.")
