"""Whole numbers that are drawn have the ends of their range, and a repeat, in a question of their own; `times`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from rubric.language import Course

from grader.plan.assignment import load_assignment
from grader.plan.plan import make_plan
from grader.sandbox.sandbox import Sandbox

MakeCourse = Callable[[str, str], Course]
ROWS = """\
  rows:
    points: 1
    arguments: {table: "normal(9, M)", which: "integers(0, 9, N)", one: "integers(0, 9)"}
    checks: [{value: sums, points: 1}]
"""
SUMMED = "def rows(table, which, one):\n    return table[which].sum(axis=0) + table[one]\n"


@pytest.fixture
def course(tmp_path: Path, box: Sandbox) -> MakeCourse:
    return lambda functions, reference: Course(tmp_path, box, functions, reference)


@pytest.mark.parametrize(
    "wrong",
    [
        "return sum(table[w] for w in which if w) + table[one]",
        "return sum(table[w] for w in which if w < 8) + table[one]",
        "return table[np.unique(which)].sum(axis=0) + table[one]",
        "return table[which].sum(axis=0) + (table[one] if one else 0)",
        "return table[which].sum(axis=0) + (table[one] if one < 8 else 0)",
    ],
)
def test_code_that_leaves_out_an_end_or_a_repeat_loses_on_every_draw(course: MakeCourse, wrong: str) -> None:
    made = course(ROWS, SUMMED)
    source = f"def rows(table, which, one):\n    {wrong}\n"
    assert [made.grade(source, seed).score for seed in range(4)] == [0] * 4
    assert made.grade(SUMMED, 1).score == 1


def test_edges_that_where_forbids_are_left_out(course: MakeCourse) -> None:
    made = course(ROWS.replace("    checks:", '    where: "all(which > 0)"\n    checks:'), SUMMED)
    labels = [q.situation.label for q in make_plan(load_assignment(made.rubric), 1).functions[0].checks[0].questions]
    assert [label.split()[0] for label in labels] == ["two"]


def test_a_check_is_drawn_as_many_times_as_it_says(course: MakeCourse) -> None:
    functions = ROWS.replace("points: 1}]", "points: 1, times: 3}]").replace('"integers(0, 9, N)"', '"permutation(4)"')
    made = course(functions.replace('"integers(0, 9)"', "3"), SUMMED)
    questions = make_plan(load_assignment(made.rubric), 1).functions[0].checks[0].questions
    assert [q.situation.label.partition(" (")[0] for q in questions] == ["two", "two, draw 2", "two, draw 3"]
    assert len({q.situation.names["table"].tobytes() for q in questions}) == 3


@pytest.mark.parametrize("times", ["0", "1.5", "many", "1000"])
def test_times_is_a_whole_number_within_reason(course: MakeCourse, times: str) -> None:
    made = course(ROWS.replace("points: 1}]", f"points: 1, times: {times}}}]"), SUMMED)
    assert any("times should be a whole number from 1 to 200" in flaw for flaw in made.flaws())
