"""Answers that are variables: the statements that bind them are run, and their values judged like results."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from rubric.language import Course

from grader.authoring.verify import verify_assignment
from grader.sandbox.sandbox import Sandbox
from grader.verdict import Verdict

MakeCourse = Callable[[str, str], Course]

ANSWERS = """\
  the first question:
    name: q1
    points: 2
    returns: number
    checks: [{value: the mean, points: 2}]
  the second one:
    name: q2
    points: 2
    returns: {each: text}
    checks: [{value: the names, points: 2}]
"""
ANSWERED = """
data = np.array([1.0, 2.5, 4.0])
q1 = data.mean()
q2 = ["ada", "bo"]
"""


@pytest.fixture
def course(tmp_path: Path, box: Sandbox) -> MakeCourse:
    return lambda functions, reference: Course(tmp_path, box, functions, reference)


@pytest.mark.parametrize(
    ("source", "scores"),
    [
        (ANSWERED, [2, 2]),
        ("total = 0\nfor x in [1.0, 2.5, 4.0]:\n    total += x\nq1 = total / 3\nq2 = ('ada', 'bo')\n", [2, 2]),
        ("q1 = 7\nq1 = 2.5\nprint(q1)\nq2 = ['bo', 'ada']\n", [2, 0]),
        ("q1 = 1 / 0\nq2 = ['ada', 'bo']\n", [0, 2]),
        ("q1 = 'two and a half'\nq2 = None\n", [0, 0]),
        ("def q1():\n    return 2.5\n", [0, 0]),
    ],
)
def test_the_value_of_a_variable_is_judged_like_a_result(course: MakeCourse, source: str, scores: list[int]) -> None:
    assert [function.score for function in course(ANSWERS, ANSWERED).grade(source).functions] == scores


def test_a_variable_that_is_not_there_is_missing(course: MakeCourse) -> None:
    grade = course(ANSWERS, ANSWERED).grade("q2 = ['ada', 'bo']\n")
    assert grade.functions[0].verdict is Verdict.MISSING


def test_such_a_rubric_is_all_well(course: MakeCourse) -> None:
    found = verify_assignment(course(ANSWERS, ANSWERED).rubric)
    assert [text for each in found.sections for text in each.differences] == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("name: q1", "name: q7", "has no variable 'q7'"),
        ("name: q1", "name: 1st", "'1st' is no function's name"),
        ("    name: q1\n", "    name: q1\n    arguments: {x: 1}\n", "has no key 'arguments'"),
    ],
)
def test_what_a_variable_cannot_have_is_said(course: MakeCourse, old: str, new: str, said: str) -> None:
    assert any(said in flaw for flaw in course(ANSWERS.replace(old, new), ANSWERED).flaws())
