"""What a rubric may draw inputs from, and what is said where it asks for something else."""

from __future__ import annotations

from pathlib import Path

import pytest
from rubric.language import Course

from grader.errors import RubricError
from grader.sandbox.sandbox import Sandbox

CALLS = """\
  f:
    points: 1
    arguments: {x: "normal(N)", g: "stub(square)"}
    checks: [{value: all, points: 1}]
"""
SOLVED = "def f(x, g):\n    return g(x)\n"
REFERENCE = f"{SOLVED}def square(x):\n    return x * x\n"


def test_a_stub_of_one_name_is_handed_over(tmp_path: Path, box: Sandbox) -> None:
    assert Course(tmp_path, box, CALLS, REFERENCE).only(SOLVED).score == 1


@pytest.mark.parametrize("call", ["stub()", "stub(square, 3)", "stub(3)", "stub(square, square)"])
def test_a_stub_of_anything_but_one_name_is_a_flaw_with_its_line(tmp_path: Path, box: Sandbox, call: str) -> None:
    course = Course(tmp_path, box, CALLS.replace("stub(square)", call), REFERENCE)
    with pytest.raises(RubricError, match="due is one name of the reference, then name=value pairs") as caught:
        course.grade(SOLVED)
    assert "course.yaml:8" in str(caught.value)
