"""Sketches of wrong answers are alike where the answers are the same to the last digits, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest
from rubric.language import Course

from grader.feedback.answer_digests import is_same_answer
from grader.grading.grades import AnswerDigest
from grader.sandbox.sandbox import Sandbox

TWICE = """\
  f:
    points: 1
    arguments: {x: "normal(N)"}
    checks: [{value: entries, points: 1}]
"""


@pytest.fixture
def course(tmp_path: Path, box: Sandbox) -> Course:
    return Course(tmp_path, box, TWICE, "def f(x):\n    return 2 * x\n")


def sketch(course: Course, result: str) -> AnswerDigest | None:
    (function,) = course.grade(f"def f(x):\n    return {result}\n", seed=7).functions
    return function.checks[0].sketch


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3 * x", "x + x + x"),
        ("np.exp(x) / 7", "np.exp(x - np.log(7))"),
        ("1e308 / (1 + np.abs(x))", "1e308 * (1 / (1 + np.abs(x)))"),
        ("np.ones(4)", "np.full(4, 1.0)"),
        ("3j * x", "x * 3 * 1j"),
        ("{'a': 1.0, 'b': x}", "dict(a=1.0, b=1 * x)"),
        ("np.where(x > 0, np.nan, x)", "np.where(x <= 0, x, np.nan)"),
        ("10 ** 30", "10 ** 29 * 10"),
    ],
)
def test_one_wrong_answer_in_two_ways_has_one_sketch(course: Course, one: str, other: str) -> None:
    assert is_same_answer(sketch(course, one), sketch(course, other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3 * x", "3.0001 * x"),
        ("3 * x", "(3 * x)[::-1]"),
        ("3 * x", "-3 * x"),
        ("3 * x", "(3 * x)[None]"),
        ("3 * x", "list(3 * x)"),
        ("3j * x", "3 * x"),
        ("3j * x", "-3j * x"),
        ("np.where(x > 0, np.nan, x)", "np.where(x > 0, np.inf, x)"),
        ("np.where(x > 0, np.inf, x)", "np.where(x > 0, -np.inf, x)"),
        ("{'a': 1.0}", "{'b': 1.0}"),
        ("'text'", "'another'"),
        ("10 ** 30", "10 ** 30 + 1"),
        ("10 ** 30", "10 ** 30 + 2"),
        ("1 / 0", "undefined"),
        ("None", "True"),
    ],
)
def test_another_answer_has_another_sketch(course: Course, one: str, other: str) -> None:
    assert not is_same_answer(sketch(course, one), sketch(course, other))


def test_a_right_answer_has_none_and_is_like_nothing(course: Course) -> None:
    assert sketch(course, "2 * x") is None
    assert not is_same_answer(None, sketch(course, "3 * x"))
