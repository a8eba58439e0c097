"""Work that is put off is done bit by bit, all of it, and what is wrong with it is told where somebody can hear it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from grader.errors import BrokenReference
from grader.plan.assignment import load_assignment
from grader.plan.backlog import Backlog
from grader.plan.plan import all_questions, begin_plan, make_plan


def counting(done: list[int], most: int) -> Iterator[None]:
    for number in range(most):
        done.append(number)
        yield


def test_bits_are_done_one_at_a_time_and_the_rest_at_the_end() -> None:
    done: list[int] = []
    backlog = Backlog(counting(done, 3))
    assert backlog.do_next()
    assert done == [0]
    backlog.finish()
    assert done == [0, 1, 2]
    assert not backlog.do_next()


def failing() -> Iterator[None]:
    yield
    raise BrokenReference("it fails")


def test_what_is_wrong_is_raised_at_the_end_and_not_by_who_only_fills_a_wait() -> None:
    backlog = Backlog(failing())
    assert backlog.do_next()
    assert not backlog.do_next()
    for _ in range(2):
        with pytest.raises(BrokenReference, match="it fails"):
            backlog.finish()


def test_a_plan_that_was_put_off_asks_and_knows_the_same() -> None:
    assignment = load_assignment("rk4")
    now, later = make_plan(assignment, 5), begin_plan(assignment, 5)
    assert not any(check.is_drawn for planned in later.functions for check in planned.checks)
    later.put_off.finish()
    for one, other in zip(all_questions(now), all_questions(later), strict=True):
        assert repr(one.steps) == repr(other.steps)
        assert repr(now.truths.of(one)) == repr(later.truths.of(other))
    assert np.isfinite(now.seed)
