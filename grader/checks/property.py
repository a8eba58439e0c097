"""property: a law that the function obeys, such as `softmax(x + c) == softmax(x)`."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from grader.checks.calls import Script
from grader.checks.finding import PASSED, Finding, fail, show_later
from grader.checks.question import Answer, Kind, Question, no_value, specifics, student_names
from grader.checks.results import choose_tolerance
from grader.numeric.agreement import DEFAULT_TOLERANCE, compare
from grader.numeric.bounded import apply_bounded
from grader.numeric.equivalence import align_to
from grader.rubric.check_keys import DRAWN, JUDGED, UNREAD, Checks, FunctionScope
from grader.rubric.expression import COMPARISONS, Expression, ExpressionError, evaluate
from grader.rubric.fields import EXPRESSION, INPUTS, Found
from grader.rubric.model import Check, Specifics
from grader.worker.shared.interpreter import copy_value
from grader.worker.shared.steps import Outcome, Returned, Step
from grader.worker.shared.tables import build_all


class PropertyExpression:
    """An expression about the student's functions.

    Args:
        names: what all other names mean.
        theirs: the names of functions and classes that are the student's.
        first: the position of its first step in the question.

    Raises:
        RubricError: an argument computes with a student's result; only (a part of) a result can be passed on.
    """

    def __init__(
        self,
        question: Question,
        expression: Expression,
        names: Mapping[str, Any],
        theirs: frozenset[str],
        first: int = 0,
    ) -> None:
        script = Script(question.function, names, theirs, first, None, question.signature)
        self.steps: tuple[Step, ...] = script.law(expression)
        self._names = names
        self._places = {node: place - first for node, place in script.places.items()}

    def value(self, tree: ast.expr, outcomes: Sequence[Outcome]) -> Any:
        """The value of (a part of) the expression, where its steps had these outcomes.

        Raises:
            ExpressionError: the answers don't fit the expression (another shape, None, …).
        """

        def answered(node: ast.AST) -> Any:
            if id(node) not in self._places:
                return NotImplemented
            outcome = outcomes[self._places[id(node)]]
            if not isinstance(outcome, Returned):
                raise ExpressionError("a call gave no value")
            return build_all(copy_value(outcome.value))  # the instructor's functions may write to what they're given

        return evaluate(tree, self._names, answered)

    def has_student_value(self, tree: ast.expr) -> bool:
        """Whether a part of the expression holds an answer."""
        return any(id(node) in self._places for node in ast.walk(tree))


class Promised(Specifics, frozen=True):
    """The law that should hold."""

    law: Expression


def read(reader: Checks, found: Found, around: FunctionScope) -> Promised:
    """`law: "f(x + c) == f(x)"`"""
    law = reader.due(found, "law", True)
    if law is not UNREAD and not _is_comparison(law.tree):
        reader.wrong(law.place, 'a law should be one comparison, such as "f(x + c) == f(x)"')
    return Promised(law)


def _is_comparison(tree: ast.expr) -> bool:
    return isinstance(tree, ast.Compare) and len(tree.ops) == 1


def _law(question: Question) -> PropertyExpression:
    return PropertyExpression(
        question, specifics(question, Promised).law, question.situation.names, student_names(question.function)
    )


def steps(question: Question) -> tuple[Step, ...]:
    """The calls of the function that stand in the law."""
    return _law(question).steps


def judge(question: Question, truth: Any, answer: Answer) -> Finding:
    """Evaluate both sides of the law with the student's answers in place of the calls, and compare."""
    if (finding := no_value(question, answer.outcomes)) is not None:
        return finding
    law, expression = _law(question), specifics(question, Promised).law
    tree = expression.tree
    assert isinstance(tree, ast.Compare)
    try:
        left, right = (law.value(side, answer.outcomes) for side in (tree.left, tree.comparators[0]))
        holds = _compare(question, law, tree, left, right)
    except (ExpressionError, TypeError, ValueError) as error:
        return fail("law", situation=question.situation.label, inputs=question.show_inputs, note=str(error))
    if holds:
        return PASSED
    return fail(
        "law",
        situation=question.situation.label,
        inputs=question.show_inputs,
        note=f"The law is {expression.text}; its left and its right side are below.",
        actual=show_later(left),
        expected=show_later(right),
    )


def _compare(question: Question, law: PropertyExpression, tree: ast.Compare, left: Any, right: Any) -> bool:
    a, b = np.asarray(left), np.asarray(right)
    operation = type(tree.ops[0])
    if operation is not ast.Eq:
        return bool(np.all(apply_bounded(COMPARISONS[operation], a, b)))
    if b.ndim == 0 and not law.has_student_value(tree.comparators[0]):
        b = np.full(a.shape, b)  # a bare number on the instructor's side speaks of every entry
    part, measure = question.function.parts[0], question.check.measure
    if measure.up_to:
        a = align_to(a, b, measure.up_to)
    return compare(a, b, choose_tolerance(part, measure)) is None


def describe(check: Check) -> str:
    """The law."""
    assert isinstance(check.specifics, Promised)
    relative = DEFAULT_TOLERANCE.relative if check.measure.tolerance is None else check.measure.tolerance
    return f"This holds, to {relative:g} of its size: {check.specifics.law.text}"


KIND = Kind(
    describe=describe,
    keys={
        **DRAWN,
        "draw": INPUTS,
        **{key: JUDGED[key] for key in ("scale", "tolerance", "up_to")},
        "law": EXPRESSION,
    },
    needed=("law",),
    read=read,
    steps=steps,
    judge=judge,
    reasons={"law": "The property does not hold."},
)
