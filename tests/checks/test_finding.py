"""A value is shown as people read it, and shortened with a count of what is left out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.checks.finding import fail, show_later, show_value
from grader.worker.shared.wire import DTYPES


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (np.array([1.5, -2.0]), "[ 1.5, -2. ]"),
        (np.float64(0.25), "0.25"),
        (("a", [1, True]), "('a', [1, True])"),
        ({"a": np.zeros(2)}, "{'a': [0., 0.]}"),
        ((np.zeros(1), np.ones(1)), "([0.],\n [1.])"),
        (1 << 500, "an integer of 501 bits"),
        ((1 << 500) - 1, repr((1 << 500) - 1)),
        (None, "None"),
    ],
)
def test_a_value_is_shown_whole_where_it_is_short(value: Any, shown: str) -> None:
    assert show_value(value) == shown


@pytest.mark.parametrize(("length", "left_out"), [(10_000, ""), (10_001, "… 1 more"), (12_345, "… 2,345 more")])
def test_a_long_text_says_how_much_is_left_out(length: int, left_out: str) -> None:
    assert show_value("x" * length) == repr("x" * min(length, 10_000)) + left_out


def test_a_long_list_says_how_much_is_left_out() -> None:
    assert show_value([0] * 399) == str([0] * 399)
    assert show_value([0] * 500) == f"[{', '.join(['0'] * 399)}, … 101 more]"


def test_of_an_array_with_many_sides_the_shape_and_the_beginning_are_shown() -> None:
    assert show_value(np.zeros((7,) * 4)).startswith("an array of the shape (7, 7, 7, 7) that begins [0., 0.")


def test_a_text_that_is_made_late_is_the_one_that_would_have_been_made_at_once() -> None:
    array = np.array([1.5, -2.0])
    details = fail("value", actual=show_later(array), expected=show_later(2.5), inputs=lambda: {"x": "1"}).details
    assert (details.actual, details.expected, details.inputs) == (show_value(array), "2.5", {"x": "1"})


def test_what_is_said_later_of_a_finding_takes_the_place_of_what_was_said_before() -> None:
    first = fail("value", actual=show_later(np.zeros(1)), note="one")
    assert first.add(actual="none", note="two").details == fail("value", actual="none", note="two").details
    assert first.add(actual=show_later(np.ones(1))).details.actual == "[1.]"
    assert first.details.actual == "[0.]"


def test_the_same_numbers_of_another_shape_or_type_have_their_own_text() -> None:
    texts = [show_value(each) for each in (np.zeros(4), np.zeros((2, 2)), np.zeros(4, dtype=int), np.zeros((0, 2)))]
    assert texts == ["[0., 0., 0., 0.]", "[[0., 0.],\n [0., 0.]]", "[0, 0, 0, 0]", "[]"]


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0, 2), (61,), (2,) * 8], ids=str)
def test_every_array_that_a_submission_can_answer_has_a_text(dtype: np.dtype[Any], shape: tuple[int, ...]) -> None:
    size = int(np.prod(shape))
    drawn = np.random.default_rng(0).integers(0, 2 if dtype.kind == "b" else 256, size * dtype.itemsize, dtype=np.uint8)
    assert show_value(np.ndarray(shape, dtype, drawn.tobytes()))
