"""source: the function does without what the rubric forbids. Source text proves nothing about a run.

Without points it is advice; with points it pays where the function's values are right.
"""

from __future__ import annotations

from typing import Any

from grader.checks.finding import PASSED, Finding, fail
from grader.checks.question import Answer, Kind, Question, specifics
from grader.rubric.check_keys import Checks, FunctionScope
from grader.rubric.fields import TEXTS, Found
from grader.rubric.model import Check, Specifics
from grader.worker.shared.steps import Step

MOST_SAID = 5  #: of the places that were found


class Forbidden(Specifics, frozen=True):
    """What the source should do without."""

    words: tuple[str, ...]


def read(reader: Checks, found: Found, around: FunctionScope) -> Forbidden:
    """`forbid: [for, np.linalg]`"""
    return Forbidden(reader.words(found.get("forbid"), "forbid"))


def steps(question: Question) -> tuple[Step, ...]:
    """Nothing is run."""
    return ()


def judge(question: Question, truth: Any, answer: Answer) -> Finding:
    """What the child found of forbidden constructs, imports and dotted names in the function's own definition."""
    words = specifics(question, Forbidden).words
    uses = [(word, line) for word, line in answer.facts.uses if word in words]
    if not uses:
        return PASSED
    said = "; ".join(f"{word} in line {line}" for word, line in uses[:MOST_SAID])
    return fail("forbidden", note=f"Found: {said}.")


def describe(check: Check) -> str:
    """What it does without."""
    assert isinstance(check.specifics, Forbidden)
    return f"The source does without {', '.join(check.specifics.words)}."


KIND = Kind(
    describe=describe,
    keys={"forbid": TEXTS},
    needed=("forbid",),
    read=read,
    steps=steps,
    judge=judge,
    reasons={"forbidden": "The source uses something that this assignment asks you to do without."},
    runs_code=False,
    advisory=True,
    told_without_points=True,
)
