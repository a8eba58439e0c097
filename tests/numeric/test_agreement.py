"""Agreement of arrays, and slopes."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable

import mpmath
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.numeric import agreement
from grader.numeric.agreement import (
    LEAST_SCALE,
    SCALE_OF_ZERO,
    Mismatch,
    Tolerance,
    Worst,
    agrees,
    compare,
    ridders,
    ridders_gradient,
    stencil,
    stencil_slope,
)

SHAPES = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)
FINITE = hnp.arrays(np.float64, SHAPES, elements=st.floats(-1e6, 1e6))
ANY_FLOATS = hnp.arrays(np.float64, SHAPES, elements=st.floats(width=64))
NUMBERS = st.sampled_from([np.bool_, np.int8, np.uint64, np.int64, np.float16, np.float32, np.float64])


def reason(got: object, want: object, **tolerance: float) -> str | None:
    found = compare(np.asarray(got), np.asarray(want), Tolerance(**tolerance))
    return None if found is None else found.reason


# What agrees


@given(FINITE)
def test_finite_numbers_agree_with_themselves(x: np.ndarray) -> None:
    assert compare(x, x.copy()) is None


@given(hnp.arrays(NUMBERS, SHAPES))
def test_numbers_of_every_dtype_agree_with_themselves_unless_nan(x: np.ndarray) -> None:
    assert (compare(x, x) is None) == (not np.isnan(x).any())


def test_shapes_without_entries_agree_only_if_equal() -> None:
    assert reason(np.empty((0, 3)), np.empty((0, 3))) is None
    assert reason(np.empty((0, 3)), np.empty((3, 0))) == "shape"
    assert reason(np.empty((0,)), np.empty(())) == "shape"


# The order of reasons


@given(ANY_FLOATS, ANY_FLOATS)
def test_only_equal_shapes_agree(x: np.ndarray, y: np.ndarray) -> None:
    assert (reason(x, y) == "shape") == (x.shape != y.shape)


@given(FINITE)
def test_a_shape_that_would_broadcast_never_passes(x: np.ndarray) -> None:
    assert reason(x[None], x) == "shape"
    assert reason(x, np.stack([x, x])) == "shape"
    assert reason(np.full((3, 1), 2.0), np.full((3, 3), 2.0)) == "shape"


@given(ANY_FLOATS, st.sampled_from([0.0, 1e-5, 1.0, 1e300]), st.data())
def test_nan_never_passes(want: np.ndarray, relative: float, data: st.DataObject) -> None:
    if want.size == 0:
        return
    got = want.copy()
    got.flat[data.draw(st.integers(0, want.size - 1))] = np.nan
    assert reason(got, want, relative=relative) == "nan"
    assert reason(want, got, relative=relative) == "nan"
    assert reason(got, got, relative=relative) == "nan"


@pytest.mark.parametrize(
    ("got", "want", "found"),
    [
        (math.inf, math.inf, None),
        (-math.inf, -math.inf, None),
        (math.inf, -math.inf, "infinite"),
        (1e308, math.inf, "infinite"),
        (math.inf, 1e308, "infinite"),
        ([math.inf, 1.0], [math.inf, 1.0], None),
        ([math.inf, 1.0], [math.inf, 2.0], "value"),
        ([math.inf, math.nan], [1.0, 1.0], "nan"),
    ],
)
def test_an_infinity_agrees_only_with_the_same_infinity(got: object, want: object, found: str | None) -> None:
    assert reason(got, want) == found


def test_an_infinite_truth_doesnt_loosen_its_neighbours() -> None:
    assert reason([math.inf, 1.1], [math.inf, 1.0]) == "value"


NOT_FINITE = (math.nan, math.inf, -math.inf)
#: Beside each other they are equal, within a tolerance, at its very edge, beyond it, and nowhere near.
SIDE_BY_SIDE = st.sampled_from(
    [*(0.0, -0.0, 1e-12, 1.0, 1.0 + 9e-6, 1.0 + 1e-5, 1.0 + 2e-5, 1.0 + 4e-5), *(-1.0, 3.0, 1e308), *NOT_FINITE]
)


@given(
    st.lists(SIDE_BY_SIDE, min_size=3, max_size=3),
    st.lists(SIDE_BY_SIDE, min_size=3, max_size=3),
    st.sampled_from([None, 1.0, 1e3]),
)
@example([1.0 + 1e-5, 0.0, 0.0], [1.0, 0.0, 0.0], None)
@example([1.0 + 4e-5, 0.0, 0.0], [3.0, 0.0, 0.0], None)
def test_arrays_agree_where_nothing_is_found_and_nowhere_else(
    got: list[float], want: list[float], scale: float | None
) -> None:
    a, b, tolerance = np.array(got), np.array(want), Tolerance(scale=scale)
    assert agrees(a, b, tolerance) == (compare(a, b, tolerance) is None)
    assert agrees(a.astype(np.complex128), b, tolerance) is False
    assert agrees(a[:2], b, tolerance) is False


@pytest.mark.parametrize("got", [np.array(["1.0"]), np.array([1.0], dtype=object), np.array([b"1"]), np.array([1j])])
def test_only_real_numbers_stand_for_real_numbers(got: np.ndarray) -> None:
    assert compare(got, np.ones(1)) == Mismatch("dtype")


def test_dates_are_no_numbers() -> None:
    assert compare(np.zeros(1, dtype="timedelta64[s]"), np.zeros(1)) == Mismatch("dtype")


def test_a_dtype_is_looked_at_before_a_shape() -> None:
    assert reason(np.array(["a", "b"]), np.ones(3)) == "dtype"


def test_complex_numbers_agree_where_the_truth_is_complex() -> None:
    want = np.array([1 + 2j, 3 - 1j])
    assert reason(want + 1e-7j, want) is None
    assert reason(want.real, want) == "value"
    assert reason(want.real, want.real.astype(complex)) is None
    assert reason(want.conj(), want) == "value"
    assert reason(np.array([complex(1, math.nan), 3]), want) == "nan"
    assert reason(np.array([complex(1, math.inf), 3]), want) == "infinite"


@pytest.mark.parametrize("dtype", [bool, np.int8, np.uint8, np.int64, np.float16, np.float32])
def test_the_dtype_of_a_real_number_doesnt_matter(dtype: type) -> None:
    assert reason(np.array([0, 1], dtype=dtype), np.array([0.0, 1.0])) is None


# Values


@given(FINITE, st.floats(-2, 2), st.sampled_from([None, 0.0, 0.25, 1.0]), st.data())
def test_an_entry_may_be_off_by_the_tolerance_and_no_more(
    want: np.ndarray, excess: float, scale: float | None, data: st.DataObject
) -> None:
    if want.size == 0:
        return
    index = data.draw(st.integers(0, want.size - 1))
    largest = float(np.abs(want).max())
    size = scale if scale is not None else largest if largest >= LEAST_SCALE else SCALE_OF_ZERO
    allowed = 1e-3 * (abs(float(want.flat[index])) + size)
    got = want.copy()
    got.flat[index] += excess * allowed
    moved = abs(float(got.flat[index]) - float(want.flat[index]))
    if moved == 0 or abs(moved - allowed) > 1e-9 * allowed:
        assert (compare(got, want, Tolerance(1e-3, scale=scale)) is None) == (moved <= allowed)


SPECIAL = st.sampled_from([0.0, 1e-9, 1.0, 1e308, np.inf, -np.inf, np.nan])
MOVED = st.sampled_from([0.0, 1e-9, 1e-5, 2e-5, 1.0])


@given(
    hnp.arrays(np.float64, (2,), elements=SPECIAL),
    hnp.arrays(np.float64, (2,), elements=SPECIAL),
    hnp.arrays(np.float64, (3,), elements=st.floats(width=64)),
    hnp.arrays(np.float64, (3,), elements=MOVED),
    st.sampled_from([None, 0.0, 1.0, 1e308]),
    st.sampled_from([1, 1j]),
)
@example(np.array([1.0, 1.0]), np.array([np.inf, 1.0]), np.zeros(3), np.zeros(3), None, 1)
def test_what_is_right_at_a_glance_is_right_looked_at_closely(
    odd: np.ndarray, odd_want: np.ndarray, x: np.ndarray, moved: np.ndarray, scale: float | None, unit: complex
) -> None:
    with np.errstate(all="ignore"):
        got = np.concatenate([x * (1 + moved) + moved, odd]) * unit
        want = np.concatenate([x, odd_want]) * unit
    quick = compare(got, want, Tolerance(1e-5, scale=scale))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(agreement, "_is_clearly_close", lambda *_: False)
        assert quick is not None or compare(got, want, Tolerance(1e-5, scale=scale)) is None


@given(hnp.arrays(np.float64, (3,), elements=st.floats(-1e3, 1e3)), st.floats(1e-6, 1e-2), st.floats(1, 10))
def test_a_wider_tolerance_never_turns_a_pass_into_a_failure(x: np.ndarray, t: float, wider: float) -> None:
    got = x + 1e-4
    if compare(got, x, Tolerance(t)) is None:
        assert compare(got, x, Tolerance(t * wider)) is None


@given(FINITE, FINITE)
def test_absolute_agreement_is_symmetric_up_to_rounding(x: np.ndarray, y: np.ndarray) -> None:
    assert (compare(x, y, Tolerance(0.0)) is None) == (compare(y, x, Tolerance(0.0)) is None)


def test_the_scale_is_the_largest_entry_unless_it_is_given() -> None:
    want, got = np.array([100.0, 0.0]), np.array([100.0, 5e-4])
    assert reason(got, want) is None
    assert reason(got, want, scale=100.0) is None
    assert reason(got, want, scale=1.0) == "value"
    assert reason(got, want, scale=0.0) == "value"


@pytest.mark.parametrize(("dtype", "found"), [(np.float64, "value"), (np.float32, None), (np.float16, None)])
def test_single_precision_results_have_a_factor_of_their_own(dtype: type, found: str | None) -> None:
    assert reason(np.array([1.0, 0.5], dtype=dtype), np.array([1.0002, 0.5])) == found


def test_a_single_precision_truth_gives_a_double_precision_result_no_leeway() -> None:
    assert reason(np.array([1.0]), np.array([1.0002], dtype=np.float32)) == "value"


@pytest.mark.parametrize(
    ("got", "want"),
    [
        (np.array([0], dtype=np.uint64), np.array([2**64 - 1], dtype=np.uint64)),
        (np.array([2**64 - 1], dtype=np.uint64), np.array([-1], dtype=np.int64)),
        (np.array([-128], dtype=np.int8), np.array([127], dtype=np.int8)),
        (np.array([0], dtype=np.uint8), np.array([255], dtype=np.uint8)),
        (np.array([60000], dtype=np.float16), np.array([-60000], dtype=np.float16)),
        (np.array([True]), np.array([False])),
        (np.array([-1.7e308]), np.array([1.7e308])),
        (np.array([-1.7e308, 0.0]), np.array([1.7e308, 0.0])),
    ],
)
def test_no_difference_wraps_around_or_overflows_to_agreement(got: np.ndarray, want: np.ndarray) -> None:
    assert reason(got, want) == "value"
    assert reason(want, got) == "value"


@given(ANY_FLOATS, ANY_FLOATS)
def test_comparing_warns_of_nothing_and_leaves_both_alone(x: np.ndarray, y: np.ndarray) -> None:
    before = x.tobytes(), y.tobytes()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        compare(x, y)
    assert (x.tobytes(), y.tobytes()) == before


def test_a_long_double_beyond_double_is_infinite_and_warns_of_nothing() -> None:
    huge = np.array([np.finfo(np.longdouble).max])
    if huge[0] > np.finfo(np.float64).max:
        assert reason(huge, [1.0]) == "infinite"
    assert reason(np.ones(1, dtype=np.longdouble), [1.0]) is None


# What is said about the worst entry


def test_the_worst_entry_is_the_one_furthest_off() -> None:
    want = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    got = want + np.array([[0.0, 0.5, 0.0], [0.0, -0.75, 1e-9]])
    found = compare(got, want, Tolerance(1e-3, scale=1.0))
    assert found is not None
    assert found.worst is not None
    assert found == Mismatch("value", Worst((1, 1), 5.0, 4.25, 0.75, found.worst.allowed), 2)
    assert found.worst.allowed == pytest.approx(6e-3)


def test_the_worst_entry_is_never_one_that_is_right() -> None:
    found = compare(np.array([1e6 + 1, 0.01]), np.array([1e6, 0.0]), Tolerance(1e-5, scale=0.0))
    assert found is not None
    assert found.worst is not None
    assert (found.worst.index, found.count) == ((1,), 1)


def test_a_number_without_axes_has_an_empty_index() -> None:
    assert compare(np.array(2.0), np.array(1.0), Tolerance(scale=0.0)) == Mismatch(
        "value", Worst((), 1.0, 2.0, 1.0, 1e-5), 1
    )


def test_every_nan_is_counted_and_the_first_is_shown() -> None:
    found = compare(np.array([1.0, math.nan, math.nan]), np.ones(3))
    assert found is not None
    assert found.worst is not None
    assert (found.reason, found.count, found.worst.index) == ("nan", 2, (1,))
    assert math.isnan(found.worst.actual)


# Slopes

SMOOTH: dict[str, tuple[Callable[[float], float], Callable[[mpmath.mpf], mpmath.mpf]]] = {
    "sine": (math.sin, mpmath.sin),
    "fast sine": (lambda x: math.sin(20 * x), lambda x: mpmath.sin(20 * x)),
    "exponential": (math.exp, mpmath.exp),
    "sigmoid": (lambda x: 1 / (1 + math.exp(-x)), lambda x: 1 / (1 + mpmath.exp(-x))),
    "softplus": (lambda x: math.log1p(math.exp(x)), lambda x: mpmath.log1p(mpmath.exp(x))),
    "steep step": (lambda x: math.tanh(12 * x), lambda x: mpmath.tanh(12 * x)),
    "steep loss": (lambda x: math.log1p(math.exp(-8 * x)), lambda x: mpmath.log1p(mpmath.exp(-8 * x))),
    "quintic": (lambda x: x**5 - 3 * x, lambda x: x**5 - 3 * x),
    "narrow bell": (lambda x: math.exp(-30 * x * x), lambda x: mpmath.exp(-30 * x * x)),
    "pole nearby": (lambda x: 1 / (x * x + 0.05), lambda x: 1 / (x * x + mpmath.mpf(0.05))),
    "huge": (lambda x: 1e9 * x * x, lambda x: 1e9 * x * x),
    "constant": (lambda x: 5.0, lambda x: mpmath.mpf(5)),
    "on a high plateau": (lambda x: 1e6 + math.cos(x), mpmath.cos),
    "half the line": (lambda x: math.log(x) if x > 0 else math.nan, mpmath.log),
}


POINTS = [-2.7, -1.0, -0.3, 0.0, 0.01, 0.2, 0.6, 1.0, 2.0, 3.0, 7.0]


@pytest.mark.parametrize(
    ("name", "x"), [(name, x) for name in SMOOTH for x in POINTS if x > 0 or name != "half the line"]
)
def test_ridders_gives_the_derivative(name: str, x: float) -> None:
    f, exact = SMOOTH[name]
    with mpmath.workdps(40):
        want = float(mpmath.diff(exact, mpmath.mpf(x)))
    assert ridders(f, x).value == pytest.approx(want, rel=2e-8, abs=2e-9)


def test_ridders_shrugs_off_single_precision() -> None:
    assert ridders(lambda x: float(np.sin(np.float32(x))), 0.7).value == pytest.approx(math.cos(0.7), abs=1e-5)


def test_ridders_stops_where_the_estimate_is_good_enough() -> None:
    asked: list[float] = []

    def f(x: float) -> float:
        asked.append(x)
        return math.exp(x)

    slope = ridders(f, 0.5, enough=1e-8)
    assert slope.error < 1e-8
    assert slope.value == pytest.approx(math.exp(0.5), abs=1e-8)
    assert len(asked) < 36


def test_a_function_without_numbers_has_no_slope() -> None:
    slope = ridders(lambda x: math.nan, 1.0)
    assert math.isnan(slope.value)
    assert slope.error == math.inf


def test_the_error_estimate_tells_a_kink_from_a_smooth_place() -> None:
    assert ridders(lambda x: abs(x - 1e-5), 0.0).error > 1e3 * ridders(math.exp, 0.0).error


@given(hnp.arrays(np.float64, hnp.array_shapes(min_dims=0, max_dims=3, max_side=3), elements=st.floats(-3, 3)))
def test_a_gradient_has_the_shape_of_the_point_and_leaves_it_alone(x: np.ndarray) -> None:
    before = x.copy()

    def greedy(at: np.ndarray) -> float:
        cost = float(np.sum(np.sin(at)))
        at[...] = 99.0
        return cost

    gradient = ridders_gradient(greedy, x)
    assert gradient.shape == x.shape
    np.testing.assert_array_equal(x, before)
    np.testing.assert_allclose(gradient, np.cos(x), atol=1e-9)


@pytest.mark.parametrize("fault", [1e-4, -1e-4])
def test_a_planted_fault_of_a_hundredth_of_a_percent_is_seen(fault: float) -> None:
    x = np.array([[0.3, -1.2], [2.0, 0.1]])
    wrong = np.exp(x)
    wrong[1, 0] *= 1 + fault
    found = compare(wrong, ridders_gradient(lambda at: float(np.sum(np.exp(at))), x))
    assert found is not None
    assert found.worst is not None
    assert (found.worst.index, found.count) == ((1, 0), 1)


def test_a_stencil_gives_the_slope_along_its_direction() -> None:
    x, direction = np.array([[0.5, -1.0], [2.0, 0.0]]), np.array([[1.0, 0.0], [-0.5, 2.0]])
    values = [float(np.sum(np.sin(point))) for point in stencil(x, direction)]
    assert stencil_slope(values) == pytest.approx(float(np.sum(np.cos(x) * direction)), abs=1e-9)


@pytest.mark.parametrize(("dtype", "noise", "wrong"), [(np.float64, 1e-12, 1e-6), (np.float32, 1e-7, 1e-5)])
def test_a_truth_of_zeros_may_be_missed_by_rounding_and_by_no_more(dtype: type, noise: float, wrong: float) -> None:
    assert compare(np.full(3, noise, dtype), np.zeros(3)) is None
    assert compare(np.full(3, wrong, dtype), np.zeros(3)) is not None
    assert compare(np.full((), noise, dtype), np.zeros(())) is None


def test_what_rounding_leaves_of_a_zero_is_no_measure() -> None:
    assert compare(np.array([4e-31]), np.array([1e-30])) is None
    assert compare(np.array([4e-31]), np.array([1e-30]), Tolerance(scale=1e-30)) is not None
    assert compare(np.zeros(2), np.array([1e-8, 0.0])) is not None
