"""Arithmetic on answers takes no more memory and time than a sensible law needs, whatever the answers are."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np
import pytest

from grader.numeric.bounded import TooLargeError, apply_bounded, check_call
from grader.rubric.expression import ExpressionError, evaluate, parse_expression

COLUMN, ROW = np.zeros((30_000, 1)), np.zeros((1, 30_000))


def value(law: str, **answers: Any) -> Any:
    """The value of a law where these are a submission's answers."""
    return evaluate(parse_expression(law), answers)


@pytest.mark.parametrize(
    ("law", "f", "g"),
    [
        ("f + g == 0", COLUMN, ROW),
        ("f >= g", COLUMN, ROW),
        ("f @ g == eye(3)", COLUMN, ROW),
        ("f.T @ f == eye(3)", ROW, None),
        ("outer(f, f) == 0", COLUMN, None),
        ("matmul(f, g) == 0", COLUMN, ROW),
        ("diag(f) == 0", COLUMN[:, 0], None),
        ("maximum(f, g) == 0", COLUMN, ROW),
        ("where(f > 0, g, 0) == 0", COLUMN, ROW),
        ("f * g == 0", [0] * 9_000, 10**9),
        ("f * g == 0", 10**9, [0] * 9_000),
        ("3 ** f == 0", 10**10, None),
        ("f ** g == 0", 1 << 8_000, 10**6),
        ("zeros(f) == 0", 10**9, None),
        ("eye(f) == 0", 10**5, None),
        ("full((f, f), 1.0) == 0", 10**5, None),
        ("arange(0, f, 1e-9) == 0", 10, None),
        ("linspace(0, 1, f) == 0", 10**9, None),
    ],
)
def test_what_would_take_too_much_is_refused_before_it_is_done(law: str, f: Any, g: Any) -> None:
    with pytest.raises(ExpressionError, match="TooLargeError"):
        value(law, f=f, g=g)


@pytest.mark.parametrize(("law", "f"), [("f % 3 == 0", "%999999999d"), ("f * 3 == 0", "x"), ("f * x == 0", b"x")])
def test_no_arithmetic_is_done_with_text(law: str, f: Any) -> None:
    with pytest.raises(ExpressionError, match="with text"):
        value(law, f=f, x=np.ones(3))


def test_entries_that_are_no_numbers_are_refused() -> None:
    with pytest.raises(ExpressionError, match="with numbers only"):
        value("x ** f == 0", f=[10**100], x=np.array([3]))


def test_sensible_laws_are_computed() -> None:
    q, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(300, 300)))
    assert np.allclose(value("f.T @ f - eye(300)", f=q), 0, atol=1e-12)
    assert value("2 ** f == 1024", f=10)
    assert value("f + g == (1, 2, 3)", f=(1, 2), g=(3,))
    assert value("f * 2 == [0, 0]", f=[0])
    assert value("f == 'yes'", f="yes")
    assert value("f == g", f=["a", "b"], g=["a", "b"])
    assert value("sum(full((2, 3), 1e9))") == 6e9
    assert value("len(arange(10))") == value("len(linspace(0, 1, 10))") == 10


def test_shapes_that_do_not_fit_fail_by_themselves() -> None:
    with pytest.raises(ValueError, match="broadcast"):
        apply_bounded(operator.add, np.zeros(3), np.zeros(4))
    with pytest.raises(ValueError, match="matmul"):
        apply_bounded(operator.matmul, np.zeros((3, 3)), np.zeros((4, 4)))


def test_a_size_just_over_the_limit_is_refused() -> None:
    check_call("zeros", [(1 << 12, 1 << 12)])
    with pytest.raises(TooLargeError):
        check_call("zeros", [(1 << 12, (1 << 12) + 1)])


@pytest.mark.parametrize(
    ("name", "fits", "over"),
    [
        ("diag", [np.zeros(1 << 12)], [np.zeros((1 << 12) + 1)]),
        ("matmul", [np.zeros((1 << 12, 3)), np.zeros((3, 1 << 12))], [np.zeros((1 << 12, 3)), np.zeros((3, 4097))]),
    ],
)
def test_a_result_just_over_the_limit_is_refused(name: str, fits: list[Any], over: list[Any]) -> None:
    check_call(name, fits)
    with pytest.raises(TooLargeError):
        check_call(name, over)
