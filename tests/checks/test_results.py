"""What is said of a wrong array: how many entries are off, where that can be counted and more than one could be."""

from __future__ import annotations

from pathlib import Path

import pytest
from rubric.language import Course

from grader.sandbox.sandbox import Sandbox

ROWS = """\
  f:
    points: 1
    arguments: {x: "normal(N)"}
    checks: [{value: entries, points: 1}]
"""
FIRST = ROWS.replace("value: entries", "value: the first ones")


def note(course: Course, body: str) -> str | None:
    details = course.only(f"def f(x):\n    {body}\n").checks[0].details
    assert details is not None
    return details.note


@pytest.fixture
def rows(tmp_path: Path, box: Sandbox) -> Course:
    return Course(tmp_path, box, ROWS, "def f(x):\n    return 2 * x\n")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("r = 2 * x; r[0] += 1; return r", "1 of 4 entries are off."),
        ("return 3 * x", "4 of 4 entries are off."),
        ("r = 2 * x; r[1:] = np.nan; return r", "3 of 4 entries are off."),
    ],
)
def test_the_entries_that_are_off_are_counted(rows: Course, body: str, said: str) -> None:
    assert note(rows, body) == said


def test_where_entries_can_t_be_compared_none_are_counted(rows: Course) -> None:
    assert "entries" not in (note(rows, "return 2 * x + 0j") or "")


@pytest.mark.parametrize(("kept", "said"), [(1, None), (2, "2 of 2 entries are off.")])
def test_of_a_single_entry_nothing_is_counted(kept: int, said: str | None, tmp_path: Path, box: Sandbox) -> None:
    course = Course(tmp_path, box, FIRST, f"def f(x):\n    return 2 * x[:{kept}]\n")
    assert note(course, f"return 2 * x[:{kept}] + 1") == said
