"""Right versions of helpers answer within bounds: enough for whoever needs them, and too little to measure slopes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rubric.language import Course

from grader.grading import execution
from grader.grading.grades import FunctionGrade
from grader.sandbox.helper_meter import HelperAllowance, Meter, count_entries
from grader.sandbox.sandbox import Sandbox

FUNCTIONS = """\
  cost:
    points: 1
    returns: number
    arguments: {x: "normal(N, M)"}
    checks: [{value: any, points: 1}]
  slope:
    points: 4
    needs: [cost]
    arguments: {x: "normal(N, M)"}
    checks: [{value: any, points: 4}]
  rows:
    points: 2
    needs: [cost]
    arguments: {x: "normal(N, M)"}
    checks: [{value: any, points: 2}]
"""
REFERENCE = """\
def cost(x):
    return float(np.sum(np.asarray(x) ** 3))

def slope(x):
    return 3 * x**2

def rows(x):
    return np.array([cost(row) for row in x])
"""
#: Each in its own way, and all with a wrong `cost`.
WRONG = "def cost(x):\n    return 0.0\n"
ROWS = "def rows(x):\n    return np.array([cost(row) for row in x])\n"
TWICE = "def rows(x):\n    return np.array([(cost(row[None]) + cost(row)) / 2 for row in x])\n"
MEASURED = """
def slope(x):
    grad = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        e = np.zeros_like(x)
        e[i] = 1e-4
        grad[i] = (cost(x + e) - cost(x - e)) / 2e-4
    return grad
"""
REMEMBERED = """
KNOWN = {}
def known(x):
    return KNOWN.setdefault(x.tobytes(), cost(x))
""" + MEASURED.replace("cost(", "known(")
CAUGHT = """
def ask(x):
    for _ in range(9):
        try:
            return cost(x)
        except Exception:
            pass
    return 0.0
""" + MEASURED.replace("cost(", "ask(")


@pytest.fixture
def course(tmp_path: Path, box: Sandbox) -> Course:
    return Course(tmp_path, box, FUNCTIONS, REFERENCE)


def graded(course: Course, source: str) -> dict[str, FunctionGrade]:
    return {function.name: function for function in course.grade(WRONG + source, seed=3).functions}


@pytest.mark.parametrize("style", [ROWS, TWICE], ids=["row by row", "twice row by row"])
def test_whoever_calls_a_right_helper_row_by_row_keeps_all_points(course: Course, style: str) -> None:
    assert (graded(course, style)["rows"].score, graded(course, style)["rows"].carried) == (2, 2)


@pytest.mark.parametrize("way", [MEASURED, REMEMBERED, CAUGHT], ids=["measured", "remembered", "caught"])
def test_a_slope_that_is_measured_with_a_right_helper_earns_nothing_and_the_report_says_why(
    course: Course, way: str
) -> None:
    slope = graded(course, way)["slope"]
    assert slope.score == 0
    assert any("slopes that are measured with right helpers earn nothing" in remark for remark in slope.remarks)


def test_a_call_whose_answer_is_known_counts_like_the_first(course: Course) -> None:
    plan = course.plan(3)
    grades = [course.grade(f"{WRONG}{MEASURED}# {student}\n", plan=plan) for student in ("ada", "bo")]
    slopes = [next(each for each in grade.functions if each.name == "slope") for grade in grades]
    assert slopes[0].score == 0
    assert (slopes[0].score, slopes[0].remarks) == (slopes[1].score, slopes[1].remarks)


LEARNT = """
FOUND = {}
def slope(x):
    key = x.tobytes()
    if key not in FOUND:
        FOUND[key] = measured(x)
    return FOUND[key]
""" + MEASURED.replace("def slope(", "def measured(")


def test_nobody_measures_while_it_is_tried_how_a_call_can_be_made(tmp_path: Path, box: Sandbox) -> None:
    calls = FUNCTIONS.replace("    points: 4\n", '    points: 4\n    call: {any: ["slope(x)", "slope(x, None)"]}\n')
    course = Course(tmp_path, box, calls, REFERENCE)
    assert graded(course, LEARNT)["slope"].score == 0


def test_a_slope_that_is_measured_with_a_right_helper_of_ones_own_earns_all(course: Course) -> None:
    own = "def cost(x):\n    return float(np.sum(np.asarray(x) ** 3))\n"
    grade = course.grade(own + MEASURED, seed=3)
    assert next(function.score for function in grade.functions if function.name == "slope") == 4


def test_without_the_bound_it_would_earn_all(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(execution, "HelperAllowance", lambda steps, entries: HelperAllowance(steps, 1e9))
    assert graded(course, MEASURED)["slope"].score == 4


def test_a_rubric_lifts_the_bound(course: Course) -> None:
    text = course.rubric.read_text()
    course.rubric.write_text(text.replace("needs: [cost]\n", "needs: [cost]\n    helper_entries: 1000\n", 1))
    assert graded(course, MEASURED)["slope"].score == 4


def test_the_bound_is_one_questions_over_all_helpers() -> None:
    meter = Meter([HelperAllowance(2, 10), HelperAllowance(1, 10)])
    assert meter.count(6) is None
    meter.advance()
    assert meter.count(4) is None
    assert meter.count(1) == 10
    meter.advance()
    assert meter.count(10) is None


def test_entries_are_counted_in_every_part_of_a_value() -> None:
    assert count_entries([np.zeros((2, 3)), {"a": (1, None)}, "text", np.zeros(0)]) == 10
