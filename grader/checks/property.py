"""property: a law that the function obeys, such as `softmax(x + c) == softmax(x)`."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np

from grader.checks.finding import PASSED, Finding, failed, show
from grader.checks.laws import Law
from grader.checks.question import Answer, Functions, Question, no_value, theirs
from grader.checks.results import tolerance_of
from grader.numeric.agreement import mismatch
from grader.numeric.bounded import operate
from grader.numeric.equivalence import aligned
from grader.rubric.expression import COMPARISONS, ExpressionError
from grader.worker.shared.steps import Step


def _law(question: Question) -> Law:
    law = question.check.law
    assert law is not None
    return Law(question, law, question.situation.names, theirs(question.function))


def steps(question: Question) -> tuple[Step, ...]:
    """The calls of the function that stand in the law."""
    return _law(question).steps


def truth(question: Question, functions: Functions) -> Any:
    """A law needs no truth."""
    return None


def judge(question: Question, truth: Any, answer: Answer) -> Finding:
    """Evaluate both sides of the law with the student's answers in place of the calls, and compare."""
    if (finding := no_value(question, answer.outcomes)) is not None:
        return finding
    law, expression = _law(question), question.check.law
    assert expression is not None
    tree = expression.tree
    assert isinstance(tree, ast.Compare)
    try:
        left, right = (law.value(side, answer.outcomes) for side in (tree.left, tree.comparators[0]))
        holds = _compare(question, law, tree, left, right)
    except (ExpressionError, TypeError, ValueError) as error:
        return failed("law", situation=question.situation.label, inputs=question.inputs_shown, note=str(error))
    if holds:
        return PASSED
    return failed(
        "law",
        situation=question.situation.label,
        inputs=question.inputs_shown,
        note=f"Due is {expression.text}; below stand its left and its right side.",
        actual=show(left),
        expected=show(right),
    )


def _compare(question: Question, law: Law, tree: ast.Compare, left: Any, right: Any) -> bool:
    a, b = np.asarray(left), np.asarray(right)
    operation = type(tree.ops[0])
    if operation is not ast.Eq:
        return bool(np.all(operate(COMPARISONS[operation], a, b)))
    if b.ndim == 0 and not law.speaks_of_theirs(tree.comparators[0]):
        b = np.full(a.shape, b)  # a bare number on the instructor's side speaks of every entry
    part, check = question.function.parts[0], question.check
    if check.up_to:
        a = aligned(a, b, check.up_to)
    return mismatch(a, b, tolerance_of(part, check)) is None
