"""How wrong numbers differ is said where every answer agrees with it, never of right ones or of one answer alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from grader.feedback.value_patterns import (
    Pair,
    describe_difference,
    is_way_of_differing,
    ways_of_all_numbers,
    ways_of_some_numbers,
)
from grader.numeric.agreement import Tolerance, compare

#: (N, D) of the questions; the last is one row.
SIZES = ((4, 5), (2, 6), (3, 3), (1, 4))
SCALE = Tolerance(scale=1.0)


def pairs(change: Callable[[Any, Any], Any], want: Callable[[Any], Any] = np.tanh, spread: float = 2) -> list[Pair]:
    """Answers to four questions: `change` gets the right result and the argument."""
    draws = np.random.default_rng(5)
    return [pair(change, want, draws.normal(size=size) * spread, {"N": size[0], "D": size[1]}) for size in SIZES]


def pair(change: Callable[[Any, Any], Any], want: Callable[[Any], Any], x: Any, sizes: dict[str, int]) -> Pair:
    right = np.asarray(want(x), dtype=np.float64)
    got = np.asarray(change(right, x))
    passed = got.shape == right.shape and compare(got, right, SCALE) is None
    return Pair(got, right, SCALE, passed, (x,), sizes)


def distribution(x: Any, axis: int = -1) -> Any:
    e = np.exp(x)
    return e / e.sum(axis=axis, keepdims=True)


def place(row: Any, column: Any) -> Callable[[Any, Any], Any]:
    """The right result with 7 more in these rows and columns."""

    def change(right: Any, _: Any) -> Any:
        wrong = right.copy()
        wrong[row, column] += 7
        return wrong

    return change


def off_diagonal(is_wrong: bool) -> Callable[[Any, Any], Any]:
    return lambda right, _: right + 7 * (np.eye(*right.shape) != is_wrong)


ALL = slice(None)
OF_ALL: dict[str, Callable[[Any, Any], Any]] = {
    "the same number comes back for all inputs: 1": lambda right, _: np.ones(right.shape),
    "every number has the opposite sign": lambda right, _: -right,
    "every number is the right one times 2": lambda right, _: 2 * right,
    "every number is the right one times 1/3": lambda right, _: right / 3,
    "every number is the right one times 1/ln 10": lambda right, _: right / np.log(10),
    "every number is the right one times N": lambda right, x: right * len(x),
    "every number is the right one times 1/D": lambda right, x: right / x.shape[1],
    "every number is the right one plus 1/2": lambda right, _: right + 0.5,
    "the sizes of the numbers are right, their signs are not": lambda right, _: np.abs(right),
    "one step from the right numbers: their squares": lambda right, _: right**2,
    "one step from the right numbers: 1 divided by them": lambda right, _: 1 / right,
    "one step from the right numbers: 1 minus them": lambda right, _: 1 - right,
    "one step from the right numbers: their exponentials": lambda right, _: np.exp(right),
    "the right numbers, rounded to 2 decimals": lambda right, _: np.round(right, 2),
    "the right numbers, rounded to 0 decimals": lambda right, _: np.round(right),
    "the right numbers in another order": lambda right, _: np.sort(right, axis=-1),
    "each row is the right one times a factor of its own": lambda right, x: right * np.abs(x[:, :1]),
}
OF_SOME: dict[str, Callable[[Any, Any], Any]] = {
    "only the first row is right": place(slice(1, None), ALL),
    "only the last row is right": place(slice(0, -1), ALL),
    "all rows are right but the first": place(0, ALL),
    "all rows are right but the last": place(-1, ALL),
    "of each row only the first entry is right": place(ALL, slice(1, None)),
    "of each row only the last entry is right": place(ALL, slice(0, -1)),
    "of each row all entries are right but the first": place(ALL, 0),
    "of each row all entries are right but the last": place(ALL, -1),
    "only the diagonal is right": off_diagonal(True),
    "all is right but the diagonal": off_diagonal(False),
    "right where the argument is positive, wrong where it is negative": lambda right, x: right * (x > 0),
    "right where the argument is negative, wrong where it is positive": lambda right, x: right * (x < 0),
    "right where the argument is small, wrong where it is large": lambda right, x: np.where(np.abs(x) < 1.5, right, 9),
    "nearly right, off by less than 1 % of the largest number": lambda right, x: right + 0.002 * np.cos(9 * x),
}


def named(ways: Callable[[list[Pair]], Iterator[Any]], asked: list[Pair]) -> str:
    return next((each.name for each in ways(asked)), "")


@pytest.mark.parametrize("name", OF_ALL)
def test_what_accounts_for_every_number_is_said(name: str) -> None:
    assert named(ways_of_all_numbers, pairs(OF_ALL[name])) == name
    assert is_way_of_differing(name)


@pytest.mark.parametrize("name", OF_SOME)
def test_where_numbers_are_right_is_said(name: str) -> None:
    asked = pairs(OF_SOME[name])
    assert named(ways_of_all_numbers, asked) == ""
    assert named(ways_of_some_numbers, asked) == name
    assert is_way_of_differing(name)


@pytest.mark.parametrize("name", [*OF_ALL, *OF_SOME])
def test_one_answer_that_differs_in_another_way_is_enough_to_say_nothing_of_it(name: str) -> None:
    change = OF_ALL.get(name) or OF_SOME[name]

    def other(right: Any, x: Any) -> Any:
        return right + np.cos(3 * x) + 3 if len(x) == 3 else change(right, x)

    asked = pairs(other)
    assert name not in {named(ways_of_all_numbers, asked), named(ways_of_some_numbers, asked)}


@pytest.mark.parametrize("want", [np.tanh, distribution, np.zeros_like, np.ones_like, lambda x: x.sum(axis=1)])
def test_of_right_answers_nothing_is_said_that_tells_numbers_from_each_other(want: Callable[[Any], Any]) -> None:
    right = pairs(lambda truth, _: truth, want)
    assert [each.name for each in ways_of_all_numbers(right) if "times" in each.name or "plus" in each.name] == []


@pytest.mark.parametrize("name", [*OF_ALL, *OF_SOME])
def test_one_answer_alone_gets_no_name(name: str) -> None:
    (alone, *_) = pairs(OF_ALL.get(name) or OF_SOME[name])
    assert [*ways_of_all_numbers([alone]), *ways_of_some_numbers([alone])] == []


def test_columns_that_sum_to_what_rows_should_are_said() -> None:
    asked = pairs(lambda _, x: distribution(x, axis=0), distribution)
    assert named(ways_of_all_numbers, asked) == "the columns have the sum that the rows should have"


def test_right_sums_are_said_where_nothing_else_fits() -> None:
    asked = pairs(lambda _, x: distribution(x / 3), distribution)
    assert named(ways_of_all_numbers, asked) == ""
    assert named(ways_of_some_numbers, asked) == "the rows have the right sums, but not the right entries"


def test_numbers_without_their_decimals_are_said() -> None:
    asked = pairs(lambda right, _: right.astype(int), lambda x: 3 * x)
    assert named(ways_of_all_numbers, asked) == "the right numbers without their decimals"


@pytest.mark.parametrize("number", [0.4967, -3.7, 12.25])
def test_no_name_tells_a_number_that_code_may_have_chosen(number: float) -> None:
    """Code that was asked hidden inputs could tell them so."""
    for change in (lambda r, _: r * number, lambda r, _: r + number):
        assert not any(sign.isdigit() for sign in named(ways_of_all_numbers, pairs(change)))
    same = named(ways_of_all_numbers, pairs(lambda r, _: np.full(r.shape, number)))
    assert same == "the same number comes back for all inputs"


@pytest.mark.parametrize(
    "got",
    [
        lambda right, _: np.full(right.shape, np.nan),
        lambda right, _: np.full(right.shape, np.inf),
        lambda right, _: np.full(right.shape, "text"),
        lambda right, _: right.astype(complex),
        lambda right, _: right[:-1],
        lambda right, _: right + np.inf,
    ],
)
def test_what_cannot_be_compared_gets_no_name_of_a_way(got: Callable[[Any, Any], Any]) -> None:
    assert [*ways_of_all_numbers(pairs(got)), *ways_of_some_numbers(pairs(got))] == []
    assert describe_difference(pairs(got)[0]) == ""


@pytest.mark.parametrize(
    ("got", "said"),
    [
        ([[1.0, 2], [3, 4]], ""),
        ([[1.0, 2], [9, 9]], "Right: row 1 of 2. Of the others all are too large."),
        ([[1.0, 0], [3, 0]], "2 of 4 entries are right. Of the others all are too small."),
        ([[0.0, 9], [0, 9]], "No entry is right: some are too large, others too small."),
        ([[-1.0, -2], [-3, -4]], "No entry is right: all are of the wrong sign."),
        ([[1.001, 2.001], [3.001, 4.001]], "No entry is right: all are too large, by less than 1 % of the largest."),
    ],
)
def test_how_one_answer_differs_is_said_without_the_right_numbers(got: list[list[float]], said: str) -> None:
    want = np.array([[1.0, 2], [3, 4]])
    assert describe_difference(Pair(np.array(got), want, SCALE, False, (), {})) == said


def test_a_number_alone_is_too_large_or_too_small() -> None:
    assert describe_difference(Pair(np.array(2.0), np.array(1.0), SCALE, False, (), {})) == "Your result is too large."


def test_a_row_that_is_right_where_another_batch_is_right_as_a_whole_is_not_all_that_is_right() -> None:
    asked = pairs(lambda right, x: right if len(x) == 3 else place(slice(1, None), ALL)(right, x))
    assert named(ways_of_some_numbers, asked) == ""
