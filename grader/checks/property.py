"""property: a law that the function obeys, such as `softmax(x + c) == softmax(x)`."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np

from grader.checks.finding import PASSED, Finding, failed, show
from grader.checks.laws import law_steps, law_value
from grader.checks.question import Answer, Functions, Question, inputs_shown, no_value
from grader.checks.results import tolerance_of
from grader.expression import COMPARISONS, ExpressionError, calls
from grader.numeric import mismatch
from grader.worker.interpreter import run_here
from grader.worker.steps import Returned, Step


def _theirs(question: Question) -> frozenset[str]:
    """Only the function under check is the student's: an error in another one is charged there."""
    return frozenset({question.function.name})


def steps(question: Question) -> tuple[Step, ...]:
    """The calls of the function that stand in the law."""
    law = question.check.law
    assert law is not None
    return tuple(law_steps(law, question.situation.names, _theirs(question)))


def truth(question: Question, functions: Functions) -> Any:
    """What the reference's calls give: a student's may be of no other size, since a law computes with them here."""
    return run_here(question.steps, functions)


def judge(question: Question, truth: Any, answer: Answer) -> Finding:
    """Evaluate both sides of the law with the student's answers in place of the calls, and compare."""
    if (finding := no_value(question, answer.outcomes)) is not None:
        return finding
    law = question.check.law
    assert law is not None
    tree = law.tree
    assert isinstance(tree, ast.Compare)
    names, theirs = question.situation.names, _theirs(question)
    if not all(map(_fits, answer.outcomes, truth)):
        return failed("shape", situation=question.situation.label, inputs=inputs_shown(question))
    try:
        left, right = (
            law_value(side, law, names, theirs, answer.outcomes) for side in (tree.left, tree.comparators[0])
        )
        holds = _compare(question, tree, left, right)
    except (ExpressionError, TypeError, ValueError) as error:
        return failed("law", situation=question.situation.label, inputs=inputs_shown(question), note=str(error))
    if holds:
        return PASSED
    return failed(
        "law",
        situation=question.situation.label,
        inputs=inputs_shown(question),
        note=f"Due is {law.text}; below stand its left and its right side.",
        actual=show(left),
        expected=show(right),
    )


def _fits(got: Any, right: Any) -> bool:
    """Whether a result has as many entries as the reference's, part by part."""
    if isinstance(got, Returned) and isinstance(right, Returned):
        return _fits(got.value, right.value)
    if isinstance(right, (tuple, list)):
        return isinstance(got, (tuple, list)) and len(got) == len(right) and all(map(_fits, got, right))
    return isinstance(got, (np.ndarray, np.generic, int, float)) and np.size(got) == np.size(right)


def _compare(question: Question, tree: ast.Compare, left: Any, right: Any) -> bool:
    a, b = np.asarray(left), np.asarray(right)
    operation = type(tree.ops[0])
    if operation is not ast.Eq:
        return bool(np.all(COMPARISONS[operation](a, b)))
    theirs = _theirs(question)
    if b.ndim == 0 and not any(True for _ in calls(tree.comparators[0], theirs)):
        b = np.full(a.shape, b)  # a bare number on the instructor's side speaks of every entry
    tolerance = tolerance_of(question.function.parts[0], question.check)
    return mismatch(a, b, tolerance) is None
