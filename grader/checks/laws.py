"""Expressions with calls of the student's functions in them: as steps for a child, and as a value once it answered."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any

from grader.checks.calls import Script
from grader.checks.question import Question
from grader.rubric.expression import Expression, ExpressionError, evaluate
from grader.worker.shared.interpreter import copy_value
from grader.worker.shared.steps import Outcome, Returned, Step


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
            return copy_value(outcome.value)  # the instructor's functions may write to what they're given

        return evaluate(tree, self._names, answered)

    def has_student_value(self, tree: ast.expr) -> bool:
        """Whether a part of the expression holds an answer."""
        return any(id(node) in self._places for node in ast.walk(tree))
