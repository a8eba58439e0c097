"""Checks of the source: advice without points, and with points worth something only where the values are right."""

from __future__ import annotations

from pathlib import Path

import pytest
from rubric.language import Course

from grader.sandbox.sandbox import Sandbox
from grader.verdict import Verdict

TOTAL = """\
  total:
    points: 4
    arguments: {x: "normal(N)"}
    returns: number
    checks:
      - {value: the sum, points: 2}
      - {source: without a loop, forbid: [for, while], points: 1}
      - {source: without dot, forbid: [np.dot], points: 1}
      - {source: without sum, forbid: [np.sum]}
"""
SOLVED = "def total(x):\n    return np.sum(x)\n"
LOOP = "def total(x):\n    s = 0.0\n    for v in x:\n        s += v\n    return s\n"


@pytest.fixture
def course(tmp_path: Path, box: Sandbox) -> Course:
    return Course(tmp_path, box, TOTAL, SOLVED)


def test_each_check_of_the_source_pays_for_its_own_words(course: Course) -> None:
    function = course.only(LOOP)
    assert {check.title: (check.score, check.verdict, check.advisory) for check in function.checks} == {
        "the sum": (2, Verdict.PASSED, False),
        "without a loop": (0, Verdict.FAILED, False),
        "without dot": (1, Verdict.PASSED, False),
        "without sum": (0, Verdict.PASSED, True),
    }


def test_source_without_points_stays_advice(course: Course) -> None:
    function = course.only(SOLVED)
    assert function.score == 4
    assert [check.verdict for check in function.checks if check.advisory] == [Verdict.FAILED]


def test_source_pays_nothing_where_values_are_wrong(course: Course) -> None:
    assert course.only("def total(x):\n    return 3.0\n").score == 0
