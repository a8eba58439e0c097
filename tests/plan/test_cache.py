"""What was made for some objects is given for these very objects alone, and what is kept is bounded."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rubric.language import Course

from grader.pipeline import grade_submission
from grader.plan.assignment import load_assignment
from grader.plan.cache import IdentityCache
from grader.plan.plan import make_plan
from grader.sandbox.sandbox import Sandbox
from grader.upload import read_submission

SQUARE = """\
  square:
    points: 1
    arguments: {{x: "normal({size})"}}
    checks: [{{value: any, points: 1}}]
"""


@given(st.lists(st.lists(st.integers(0, 5), max_size=3), max_size=60))
def test_a_memory_gives_what_was_made_for_these_very_objects(asked: list[list[int]]) -> None:
    things = [[number] for number in range(6)]  # equal ones would be told apart, too
    memory: IdentityCache[tuple[int, ...]] = IdentityCache(4)
    for numbers in asked:
        given_ = memory.of(tuple(things[number] for number in numbers), partial(tuple, numbers))
        assert given_ == tuple(numbers)


def test_objects_that_are_gone_are_mistaken_for_no_others() -> None:
    memory: IdentityCache[int] = IdentityCache(1000)
    for number in range(500):  # without its hold on them, new lists would get the identities of old ones
        assert memory.of(([number],), partial(int, number)) == number


def test_a_memory_makes_nothing_twice_until_it_is_full() -> None:
    memory: IdentityCache[str] = IdentityCache(2)
    first, made = object(), iter(["once", "twice"])
    assert [memory.of((first,), lambda: next(made)) for _ in range(3)] == ["once"] * 3


@pytest.mark.parametrize(("size", "kept"), [("N", True), ("200, 200", False)])
def test_short_answers_are_kept_for_the_rest_of_the_class_and_long_ones_are_not(
    tmp_path: Path, box: Sandbox, size: str, kept: bool
) -> None:
    course = Course(tmp_path, box, SQUARE.format(size=size), "def square(x): return x * x\n")
    plan = make_plan(load_assignment(course.rubric))
    (tmp_path / "hw.py").write_text("def square(x): return x * x\n")
    assert grade_submission(read_submission(tmp_path / "hw.py"), plan, box).score == 1
    assert bool(len(plan.findings)) is kept


def test_a_second_submission_is_asked_by_the_messages_that_were_made_for_the_first(
    tmp_path: Path, box: Sandbox
) -> None:
    """Two forms of a question would make two messages: these are counted, not looked at."""
    course = Course(tmp_path, box, SQUARE.format(size="N"), "def square(x): return x * x\n")
    plan = make_plan(load_assignment(course.rubric))
    made = []
    for number in range(3):
        path = tmp_path / f"hw{number}.py"
        path.write_text(f"def square(x): return x * x  # {number}\n")
        grade_submission(read_submission(path), plan, box)
        made.append(len(plan.messages))
    assert made[0] == made[1] == made[2] > 0
