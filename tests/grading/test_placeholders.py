"""What was handed in as the handout gave it is missing, and said kindly; what was tried is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from rubric.language import Course

from grader.sandbox.sandbox import Sandbox
from grader.verdict import Verdict

TWICE = """\
  f:
    points: 1
    arguments: {x: "normal(N)"}
    checks: [{value: entries, points: 1}]
"""


@pytest.fixture
def course(tmp_path: Path, box: Sandbox) -> Course:
    return Course(tmp_path, box, TWICE, "def f(x):\n    return 2 * x\n")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            "if x.size:\n        raise NotImplementedError\n    return 1",
            "f raises NotImplementedError: it is there, but empty.",
        ),
        ("return np.zeros(4)", "f returns nothing but zeros: it is there, but seems to be empty."),
        ("return x", "f returns what it is given: it is there, but seems to be empty."),
        ("return result", "f uses result, which it never defines: it is there, but seems to be empty."),
    ],
)
def test_starter_code_is_missing_and_its_sign_is_named(course: Course, body: str, said: str) -> None:
    grade = course.only(f"def f(x):\n    {body}\n")
    assert grade.verdict is Verdict.MISSING
    assert said in " ".join([*grade.remarks, *(check.message for check in grade.checks)])


@pytest.mark.parametrize(
    "body",
    [
        "return 3 * x",
        "return np.ones(4)",
        "return x.copy() + 1",
        "resullt = 3 * x\n    return result",
        "return result(x)",
        "return plt",
        "raise ValueError('no')",
    ],
)
def test_what_was_tried_is_wrong_and_not_missing(course: Course, body: str) -> None:
    assert course.only(f"def f(x):\n    {body}\n").verdict in (Verdict.FAILED, Verdict.ERROR)
