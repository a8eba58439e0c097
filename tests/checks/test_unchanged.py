"""An argument is the same after the call, whatever it is; and what changed is said with what it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rubric.language import Course

from grader.checks.unchanged import is_same
from grader.sandbox.sandbox import Sandbox
from grader.verdict import Verdict

LEAVES = """\
  f:
    points: 2
    arguments: {x: "normal(N)", y: "normal(2)"}
    checks:
      - {value: entries, points: 1}
      - {unchanged: leaves both alone, points: 1, within: 1.0e-3}
"""


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        ("return 2 * x", Verdict.PASSED),
        ("x += 1e-5; return 2 * (x - 1e-5)", Verdict.PASSED),
        ("r = 2 * x; x += 1; return r", Verdict.FAILED),
        ("y += 1; return 2 * x", Verdict.FAILED),
    ],
)
def test_a_function_may_change_its_arguments_by_so_much_and_no_more(
    tmp_path: Path, box: Sandbox, body: str, verdict: Verdict
) -> None:
    course = Course(tmp_path, box, LEAVES, "def f(x, y):\n    return 2 * x\n")
    assert course.only(f"def f(x, y):\n    {body}\n").checks[1].verdict is verdict


@pytest.mark.parametrize(
    "value",
    ["full", None, b"x", 3, 2.5, np.array([1.0, np.nan]), np.float32(2), (1, ["a"]), {"a": np.ones(2)}, True],
    ids=repr,
)
def test_everything_is_the_same_as_itself(value: Any) -> None:
    assert is_same(value, value)
    assert is_same(value, value, within=0.1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("full", "valid"),
        ("3", 3),
        (None, False),
        ([1, 2], [1, 2, 3]),
        ([1, 2], [1, 3]),
        ({"a": 1}, {"b": 1}),
        ({"a": 1}, {"a": 2}),
        (np.ones(2), np.ones((2, 1))),
        (np.ones(2), np.ones(2, dtype=np.float32)),
        (np.array([1.0, np.nan]), np.array([1.0, 2.0])),
        (np.array([1, 2]), np.array([1, 3])),
        (1.0, 1.2),
        (1, 2),
    ],
    ids=repr,
)
def test_nothing_is_the_same_as_something_else(one: Any, other: Any) -> None:
    assert not is_same(one, other)
    assert not is_same(one, other, within=0.1)


def test_numbers_may_be_off_by_so_much_and_no_more() -> None:
    assert is_same(np.array([1.0, 2.0]), np.array([1.0, 2.05]), within=0.1)
    assert not is_same(np.array([1.0, 2.0]), np.array([1.0, 2.05]))
    assert not is_same(np.array([1, 2]), np.array([1, 3]), within=5)
