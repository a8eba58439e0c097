"""Expressions with calls of the student's functions in them: as steps for a child, and as a value once it answered."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from grader.errors import RubricError
from grader.expression import Expression, ExpressionError, calls, evaluate
from grader.worker.steps import Call, Outcome, Ref, Returned


def law_steps(expression: Expression, names: Mapping[str, Any], theirs: frozenset[str], first: int = 0) -> list[Call]:
    """The calls of `theirs` in the expression, inner ones first, as steps numbered from `first`.

    Raises:
        RubricError: an argument computes with a student's result; only (a part of) a result can be passed on.
    """
    found = list(calls(expression.tree, theirs))
    places = {id(call): first + i for i, call in enumerate(found)}

    def argument(node: ast.expr) -> Any:
        if not any(True for _ in calls(node, theirs)):
            return evaluate(node, names)
        return _ref(node, places, names, expression)

    try:
        return [Call(call.func.id, tuple(argument(arg) for arg in call.args)) for call in found]  # type: ignore[attr-defined]
    except ExpressionError as error:
        raise RubricError([expression.place.flaw(str(error))]) from None


def _ref(node: ast.expr, places: Mapping[int, int], names: Mapping[str, Any], expression: Expression) -> Ref:
    path: list[int | str] = []
    while isinstance(node, ast.Subscript):
        path.insert(0, evaluate(node.slice, names))
        node = node.value
    if id(node) not in places:
        message = f"{expression.text!r}: an argument can be (a part of) a student's result, but can't compute with it"
        raise RubricError([expression.place.flaw(message)])
    return Ref(places[id(node)], tuple(path))


def law_value(
    tree: ast.expr,
    expression: Expression,
    names: Mapping[str, Any],
    theirs: frozenset[str],
    outcomes: Sequence[Outcome],
) -> Any:
    """The value of `tree`, a part of `expression`, where the student's calls gave these outcomes.

    Raises:
        ExpressionError: the answers don't fit the expression (another shape, None, …).
    """
    answers = dict(zip(map(id, calls(expression.tree, theirs)), _values(outcomes), strict=True))
    return evaluate(tree, names, lambda call: answers.get(id(call), NotImplemented))


def _values(outcomes: Sequence[Outcome]) -> Iterator[Any]:
    for outcome in outcomes:
        yield outcome.value if isinstance(outcome, Returned) else None
