"""Results of one class compare as equal, and nothing else does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.numeric.equivalence import EQUIVALENCES, align_to, canonical_form

SHAPE = (4, 3)


def drawn(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def another_member(array: np.ndarray, up_to: str, rng: np.random.Generator) -> np.ndarray:
    """The same result, told in another way."""
    kind, _, of = up_to.partition(" of ")
    if of == "labels":
        names = rng.permutation(int(array.max()) + 1) + 5
        return np.asarray(names[array])
    if kind == "permutation":
        axis = 1 if of == "columns" else 0
        return np.take(array, rng.permutation(array.shape[axis]), axis=axis)
    size = {"": (), "rows": (len(array), 1), "columns": (1, array.shape[1])}[of]
    factors = rng.choice([-1.0, 1.0], size)
    return np.asarray(array * (factors if kind == "sign" else factors * rng.uniform(0.5, 3, size)))


def result(up_to: str, rng: np.random.Generator) -> np.ndarray:
    return np.arange(12) % 4 if up_to.endswith("labels") else rng.normal(size=SHAPE)


SEEDS = st.integers(0, 2**32 - 1)


@pytest.mark.parametrize("up_to", EQUIVALENCES)
@given(seed=SEEDS)
def test_every_member_of_a_class_is_aligned_with_the_truth(up_to: str, seed: int) -> None:
    rng = drawn(seed)
    want = result(up_to, rng)
    got = another_member(want, up_to, rng)
    np.testing.assert_allclose(align_to(got, want, up_to), want, rtol=1e-12)


@pytest.mark.parametrize("up_to", EQUIVALENCES)
@given(seed=SEEDS)
def test_two_members_of_a_class_have_one_canonical_form(up_to: str, seed: int) -> None:
    rng = drawn(seed)
    want = result(up_to, rng)
    got = another_member(want, up_to, rng)
    np.testing.assert_allclose(canonical_form(got, up_to), canonical_form(want, up_to), rtol=1e-12)


@pytest.mark.parametrize("up_to", EQUIVALENCES)
@given(seed=SEEDS)
def test_no_other_result_is_bent_into_the_truth(up_to: str, seed: int) -> None:
    rng = drawn(seed)
    want = result(up_to, rng)
    got = another_member(want, up_to, rng)
    if up_to.endswith("labels"):
        got[0] = got[1]  # two groups are no longer the same
    else:
        got[1, 1] += 0.5 + abs(got[1, 1])
    assert not np.allclose(align_to(got, want, up_to), want, rtol=1e-3)


@pytest.mark.parametrize("up_to", EQUIVALENCES)
@pytest.mark.parametrize(
    "got", [np.zeros(SHAPE), np.full(SHAPE, np.nan), np.ones((2, 2)), np.array("text"), np.zeros((0, 3)), np.array(1.0)]
)
def test_what_cannot_be_aligned_comes_back_as_it_is(up_to: str, got: np.ndarray) -> None:
    want = np.arange(12.0).reshape(SHAPE) + 1
    np.testing.assert_array_equal(align_to(got, want, up_to), got)
    assert canonical_form(got, up_to).shape == got.shape


def test_merged_labels_are_no_renaming() -> None:
    want = np.array([0, 0, 1, 1])
    for got in (np.array([0, 0, 0, 0]), np.array([0, 1, 2, 3]), np.array([0, 1, 1, 0])):
        assert not np.array_equal(align_to(got, want, "permutation of labels"), want)


@pytest.mark.parametrize("up_to", EQUIVALENCES)
def test_truth_values_are_the_numbers_0_and_1(up_to: str) -> None:
    truths = np.array([[True, False, True], [False, False, True]])
    for got, want in ((truths, -1.0 * truths), (-1.0 * truths, truths), (truths, truths)):
        np.testing.assert_array_equal(align_to(got, want, up_to), align_to(1.0 * got, 1.0 * want, up_to))
    np.testing.assert_array_equal(canonical_form(truths, up_to), canonical_form(1.0 * truths, up_to))
