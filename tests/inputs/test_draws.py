"""What a rubric may draw inputs from, and what is said where it asks for something else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from authoring.small import RUBRIC, assignment
from msgspec.structs import replace
from rubric.language import Course

from grader.errors import RubricError
from grader.inputs.draws import DRAWS, normal
from grader.plan.assignment import load_assignment
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
    with pytest.raises(RubricError, match="expected: one name of the reference, name=value pairs") as caught:
        course.grade(SOLVED)
    assert "course.yaml:8" in str(caught.value)


# -- what is drawn anew --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("case", "waits"),
    [
        ('"normal(3)"', False),
        ('"normal(3) + 1"', False),
        ('"ones(3) * integers(1, 5)"', False),
        ('"ones(3)"', True),
        ("[1.0, 2.0]", True),
        ('"rng(7).T"', True),  # the same generator each time
    ],
)
def test_a_case_counts_as_drawn_where_its_expression_calls_a_draw(tmp_path: Path, case: str, waits: bool) -> None:
    more = f"- {{value: a case, points: 2, cases: [{{x: {case}}}]}}\n      - {{unchanged: leaves x alone, points: 0}}"
    rubric = RUBRIC.replace("- {unchanged: leaves x alone, points: 2}", more)
    check = load_assignment(assignment(tmp_path, rubric)).rubric.functions[0].checks[1]
    assert (check.title, check.needs_values) == ("a case", waits)


def test_a_draw_that_is_always_the_same_carries_no_other_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = RUBRIC.replace("{value: entries, points: 6}", '{value: entries, points: 6, cases: [{x: "normal(3)"}]}')
    assert load_assignment(assignment(tmp_path / "new", cases)).rubric.functions
    monkeypatch.setitem(DRAWS, "normal", replace(DRAWS["normal"], is_new_each_time=False))
    with pytest.raises(RubricError, match="double has no value check with drawn inputs"):
        load_assignment(assignment(tmp_path / "same", cases))


# -- distributions ---------------------------------------------------------------------------------------------------


def test_normal_numbers_have_no_ties_and_stay_within_their_bounds() -> None:
    drawn = normal(np.random.default_rng(1), 5000, mean=1.0, scale=2.0)
    assert len(np.unique(drawn)) == 5000
    assert np.abs(drawn - 1.0).max() <= 5.0
    assert normal(np.random.default_rng(1)).shape == ()
