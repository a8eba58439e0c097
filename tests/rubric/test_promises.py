"""Exceptions, random numbers, arguments left alone, and checks that wait for others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from rubric.language import Course

from grader.errors import RubricError
from grader.sandbox.sandbox import Sandbox

MakeCourse = Callable[[str, str], Course]


@pytest.fixture
def course(tmp_path: Path, box: Sandbox) -> MakeCourse:
    return lambda functions, reference: Course(tmp_path, box, functions, reference)


ROOT = """\
  root:
    points: 3
    arguments: {x: "uniform(1, 9, N)"}
    checks:
      - {value: roots, points: 2}
      - {raises: "ValueError, TypeError", cases: [{x: [-1.0, 2.0]}, {x: null}], points: 1}
"""
ROOTED = """
def root(x):
    if x is None:
        raise TypeError("no x")
    if (x < 0).any():
        raise ValueError("negative")
    return np.sqrt(x)
"""


@pytest.mark.parametrize(
    ("old", "new", "points"),
    [
        ("@@", "@@", 3),
        ("def root", "class Negative(ValueError):\n    pass\ndef root", 3),
        ('ValueError("negative")', 'type("Odd", (ValueError,), {})("negative")', 3),
        ('ValueError("negative")', 'IndexError("negative")', 2),
        ('raise ValueError("negative")', "return None", 2),
        ('raise ValueError("negative")', "return ValueError", 2),
        ("return np.sqrt(x)", 'raise ValueError("no")', 0),
    ],
)
def test_the_promised_exception_or_one_derived_from_it_is_right(
    course: MakeCourse, old: str, new: str, points: int
) -> None:
    assert course(ROOT, ROOTED).only(ROOTED.replace(old, new)).score == points


def test_a_reference_that_raises_nothing_is_the_rubrics_flaw(course: MakeCourse) -> None:
    with pytest.raises(RubricError, match="the reference's root raises nothing here"):
        course(ROOT.replace("[-1.0, 2.0]", "[1.0, 2.0]"), ROOTED).grade(ROOTED)


def test_an_exception_that_nobody_knows_is_a_flaw(course: MakeCourse) -> None:
    flaws = course(ROOT.replace("ValueError,", "ValeuError,"), ROOTED).flaws()
    assert any("'ValeuError' is no exception of Python's or numpy's; did you mean 'ValueError'?" in f for f in flaws)


DROPOUT = """\
  dropout:
    points: 4
    arguments: {x: "normal(9, M) + 5", p: "uniform(0.4, 0.6)"}
    seed: 231
    checks:
      - {value: with the seed, points: 2}
      - {property: some are dropped, law: "min(dropout(x, p)) == 0", points: 1}
      - {property: kept ones are scaled, law: "max(dropout(x, p)) >= max(x)", requires: [some are dropped], points: 1}
"""
DROPPED = """
import random
def dropout(x, p):
    return x * (np.random.rand(*x.shape) < p) / p + 0 * random.random()
"""


@pytest.mark.parametrize(
    ("old", "new", "points"),
    [
        ("@@", "@@", 4),
        ("np.random.rand(*x.shape)", "np.random.RandomState(231).rand(*x.shape)", 4),
        ("np.random.rand(*x.shape)", "np.random.default_rng().random(x.shape)", 0),
        ("0 * random.random()", "(random.seed(3), random.random())[1]", 0),
    ],
)
def test_global_generators_begin_with_the_seed_before_each_call(
    course: MakeCourse, old: str, new: str, points: int
) -> None:
    assert course(DROPOUT, DROPPED).only(DROPPED.replace(old, new)).score == points


LAWS = """\
  total:
    points: 3
    arguments: {x: "normal(N)", out: "zeros(N)"}
    returns: number
    checks:
      - {value: sums, points: 1}
      - {property: scales, law: "total(2*x, out) == 2*total(x, out)", points: 1}
      - {unchanged: leaves x alone, of: [x], requires: [scales], points: 1}
"""
TOTAL = "def total(x, out):\n    out[:] = x\n    return x.sum()\n"


def test_unchanged_looks_at_the_arguments_that_it_names(course: MakeCourse) -> None:
    made = course(LAWS, TOTAL)
    assert made.only(TOTAL).score == 3
    assert made.only(TOTAL.replace("out[:] = x", "x += 0.0 * x; out[:] = x; x[0] -= 0")).score == 3
    assert made.only(TOTAL.replace("    return x.sum()", "    s = x.sum(); x *= 2; return s")).score == 2


def test_a_check_pays_only_where_those_that_it_requires_pass(course: MakeCourse) -> None:
    made = course(LAWS.replace('"total(2*x, out) == 2*total(x, out)"', '"total(x, out) == total(-x, out)"'), TOTAL)
    grade = made.only(TOTAL)
    assert [check.score for check in grade.checks] == [1, 0, 0]
    assert grade.checks[2].message == "This check passes, but it counts only where another check passes, too."
    (made.folder / "again").mkdir()
    again = Course(made.folder / "again", made.box, LAWS.replace("[scales]", "[scaled]"), TOTAL)
    assert any("'scaled' is none; did you mean 'scales'?" in flaw for flaw in again.flaws())


def test_a_stub_that_holds_an_array_is_nothing_that_a_call_changes(course: MakeCourse) -> None:
    functions = """\
  apply:
    points: 2
    arguments: {f: "stub(scaled, by=normal(N))", x: "normal(N)"}
    checks: [{value: all, points: 1}, {unchanged: leaves x alone, points: 1}]
"""
    solved = "def apply(f, x):\n    return f(x) + 1\n"
    made = course(functions, solved + "def scaled(x, *, by):\n    return by * x\n")
    assert made.only(solved).score == 2
    assert made.only(solved.replace("return", "x += 1; return").replace("f(x) + 1", "f(x - 1) + 1")).score == 1


def test_another_exception_is_told_with_the_line_that_raised_it(course: MakeCourse) -> None:
    wrong = ROOTED.replace('ValueError("negative")', 'IndexError("negative")')
    (function,) = course(ROOT, ROOTED).grade(wrong).functions
    (where,) = {check.details.where for check in function.checks if check.kind == "raises" and check.details}
    assert str(where).endswith("line 7")


LOSS = """
  slope:
    points: 1
    arguments: {x: "normal(N)"}
    needs: [loss]
    checks:
      - {value: entries, points: 1}
      - {consistent: its own slope, of: "loss(x)", wrt: x}
  loss:
    points: 1
    arguments: {x: "normal(N)"}
    checks: [{value: number, points: 1}]
"""
HALVES = "import numpy as np\ndef loss(x):\n    return np.sum(x ** 2)\ndef slope(x):\n    return 2 * x\n"


def test_a_wrong_gradient_of_a_loss_wrong_alike_is_consistent(course: MakeCourse) -> None:
    alike = HALVES.replace("x ** 2", "x ** 3").replace("2 * x\n", "3 * x ** 2\n")
    slope = course(LOSS, HALVES).grade(alike).functions[0]
    assert [check.verdict.value for check in slope.checks if check.kind == "consistent"] == ["passed"]
