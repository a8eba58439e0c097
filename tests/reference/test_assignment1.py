"""The reference of assignment 1 is right: functions and gradients, against mpmath at 60 digits and Ridders."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mpf

from grader.checks.finding import show_value
from grader.numeric.agreement import Tolerance, compare, ridders_gradient
from grader.reference import load_reference

REFERENCE = load_reference(Path(__file__).parents[2] / "reference" / "assignment1")
F = REFERENCE.functions
PROVED = Tolerance(1e-13, scale=1.0)  # closed forms in float64 against 60 digits
BY_DIFFERENCES = Tolerance(1e-8, scale=1.0)

#: What the entries are multiplied by: the normal case, saturated units, scores next to nothing.
SIZES = {"tiny": 1e-8, "normal": 1.0, "large": 2.5, "saturated": 40.0}
#: N, Dx, H, Dy: all different, all equal, each pair equal in turn, one example, one unit of a kind.
SHAPES = [
    (4, 5, 3, 6),
    (3, 3, 3, 3),
    (4, 4, 3, 5),
    (3, 5, 3, 4),
    (2, 3, 3, 4),
    (2, 5, 3, 3),
    (1, 5, 3, 4),
    (2, 1, 1, 2),
]


@pytest.fixture(autouse=True)
def sixty_digits() -> Iterator[None]:
    with mpmath.workdps(60):
        yield


# The equations, once more, for rows of mpmath numbers and nothing shared with the reference


def exact_softmax(row: list[mpf]) -> list[mpf]:
    powers = [mpmath.exp(entry) for entry in row]
    return [power / mpmath.fsum(powers) for power in powers]


def exact_sigmoid(entry: mpf) -> mpf:
    return 1 / (1 + mpmath.exp(-entry))


def exact_layer(row: list[mpf], weights: list[list[mpf]], bias: list[mpf]) -> list[mpf]:
    columns = zip(*weights, strict=True)
    return [mpmath.fdot(row, column) + b for column, b in zip(columns, bias, strict=True)]


def exact_forward(row: list[mpf], W1: Any, b1: Any, W2: Any, b2: Any) -> tuple[list[mpf], list[mpf]]:
    h = [exact_sigmoid(score) for score in exact_layer(row, W1, b1)]
    return h, exact_softmax(exact_layer(h, W2, b2))


def exact_cost(row: list[mpf], label: list[mpf], *weights: Any) -> mpf:
    return -mpmath.log(exact_forward(row, *weights)[1][label.index(1)])


def exact(array: np.ndarray) -> Any:
    """The same numbers as nested lists of mpf."""
    return [exact(part) for part in array] if array.ndim else mpf(float(array))


def exact_gradient(f: Callable[[np.ndarray], mpf], x: np.ndarray) -> np.ndarray:
    """The gradient at `x` to some 50 digits: central differences with a step of 1e-25, at 120 digits."""
    with mpmath.workdps(120):
        step, at, gradient = mpf(10) ** -25, np.vectorize(mpf, otypes=[object])(x), np.empty(x.shape)
        for index in np.ndindex(x.shape):
            ahead, behind = at.copy(), at.copy()
            ahead[index] += step
            behind[index] -= step
            gradient[index] = float((f(ahead) - f(behind)) / (2 * step))
    return gradient


def assert_agree(got: Any, want: Any, tolerance: Tolerance = PROVED) -> None:
    found = compare(np.asarray(got), np.asarray(want, dtype=np.float64), tolerance)
    assert found is None, found


# Drawn arguments


def draw(size: float, *shape: int) -> np.ndarray:
    return size * np.random.default_rng([20150407, *shape]).normal(size=shape)


def one_hot(*shape: int) -> np.ndarray:
    return np.eye(shape[-1])[np.random.default_rng([7, *shape]).integers(shape[-1], size=shape[:-1])]


def network(size: float, shape: tuple[int, int, int, int]) -> dict[str, np.ndarray]:
    N, Dx, H, Dy = shape
    arrays = {"x": (N, Dx), "W1": (Dx, H), "b1": (H,), "W2": (H, Dy), "b2": (Dy,)}
    return {name: draw(size, i, *of)[0] for i, (name, of) in enumerate(arrays.items(), start=2)} | {"y": one_hot(N, Dy)}


WEIGHTS = ("W1", "b1", "W2", "b2")
networks = pytest.mark.parametrize(
    ("size", "shape"), [(size, shape) for shape in SHAPES for size in SIZES.values()], ids=str
)


# Functions


@pytest.mark.parametrize("size", [*SIZES.values(), 1e4])
@pytest.mark.parametrize("shape", [(1,), (5,), (1, 5), (4, 5), (3, 3), (5, 1)])
def test_softmax_is_right(size: float, shape: tuple[int, ...]) -> None:
    x = np.clip(draw(size, *shape), -1e4, 1e4)
    rows = [exact_softmax(row) for row in exact(x.reshape(-1, shape[-1]))]
    assert_agree(F["softmax"](x), np.array(rows, dtype=np.float64).reshape(shape))


def test_softmax_is_finite_whatever_the_rows_hold() -> None:
    x = np.array([[1e4, -1e4, 0.0], [-1e4, -1e4, -1e4], [1e4, 1e4, 1e4]])
    assert_agree(F["softmax"](x), np.array([[1.0, 0.0, 0.0], [1 / 3] * 3, [1 / 3] * 3]))


@pytest.mark.parametrize("shape", [(), (1,), (6,), (2, 3), (2, 1, 3), (0,)])
@pytest.mark.parametrize("size", [*SIZES.values(), 1e4])
def test_sigmoid_is_right_to_the_last_digits_of_tiny_values_too(shape: tuple[int, ...], size: float) -> None:
    x = np.clip(draw(size, 9, *shape)[0], -1e4, 1e4)
    want = np.array([exact_sigmoid(entry) for entry in exact(x.ravel())], dtype=np.float64).reshape(shape)
    assert_agree(F["sigmoid"](x), want, Tolerance(1e-13, scale=1e-300))


@pytest.mark.parametrize("shape", [(), (6,), (2, 3), (2, 1, 3)])
@pytest.mark.parametrize("size", SIZES.values())
def test_sigmoid_grad_is_the_slope_of_the_sigmoid(shape: tuple[int, ...], size: float) -> None:
    x = draw(size, 9, *shape)[0]
    gradient = F["sigmoid_grad"](F["sigmoid"](x))
    assert_agree(gradient, exact_gradient(lambda at: mpmath.fsum(map(exact_sigmoid, at.ravel())), x))
    assert_agree(gradient, ridders_gradient(lambda at: float(np.sum(F["sigmoid"](at))), x), BY_DIFFERENCES)


@pytest.mark.parametrize("shape", [(4,), (1, 4), (3, 4), (4, 4)])
@pytest.mark.parametrize("size", SIZES.values())
def test_cross_entropy_is_the_mean_over_the_rows(shape: tuple[int, ...], size: float) -> None:
    y, y_hat = one_hot(*shape), F["softmax"](draw(size, *shape))
    of_rows = [
        -mpmath.log(p)
        for row, p_row in zip(exact(np.atleast_2d(y)), exact(np.atleast_2d(y_hat)), strict=True)
        for on, p in zip(row, p_row, strict=True)
        if on
    ]
    assert_agree(F["cross_entropy"](y, y_hat), float(mpmath.fsum(of_rows) / len(of_rows)))


@pytest.mark.parametrize("probability", [0.0, 5e-324, 1.0])
def test_cross_entropy_is_never_nan(probability: float) -> None:
    cost = F["cross_entropy"](np.array([1.0, 0.0]), np.array([probability, 1.0 - probability]))
    assert cost == 0.0 if probability == 1.0 else 15 <= cost < math.inf


@pytest.mark.parametrize("shape", [(4,), (1, 4), (3, 4), (4, 4)])
@pytest.mark.parametrize("size", SIZES.values())
def test_the_gradient_of_softmax_and_cross_entropy_is_each_rows_own(shape: tuple[int, ...], size: float) -> None:
    theta, y = draw(size, *shape), one_hot(*shape)

    def cost(at: np.ndarray) -> mpf:
        rows = zip(at.reshape(-1, 4), y.reshape(-1, 4), strict=True)
        return mpmath.fsum(-mpmath.log(exact_softmax(list(row))[int(on.argmax())]) for row, on in rows)

    gradient = F["softmax_cross_entropy_grad"](theta, y)
    assert_agree(gradient, exact_gradient(cost, theta))
    assert np.abs(gradient.sum(axis=-1)).max() < 1e-15


@networks
def test_forward_is_right(size: float, shape: tuple[int, int, int, int]) -> None:
    of = network(size, shape)
    weights = [of[name] for name in WEIGHTS]
    want = [exact_forward(row, *map(exact, weights)) for row in exact(of["x"])]
    for got, exactly in zip(F["forward"](of["x"], *weights), zip(*want, strict=True), strict=True):
        assert_agree(got, np.array(exactly, dtype=np.float64))


@networks
def test_the_gradient_with_respect_to_the_input_is_each_rows_own(size: float, shape: tuple[int, int, int, int]) -> None:
    of = network(size, shape)
    weights = [exact(of[name]) for name in WEIGHTS]

    def cost(at: np.ndarray) -> mpf:
        rows = zip(at.tolist(), of["y"].tolist(), strict=True)
        return mpmath.fsum(exact_cost(row, label, *weights) for row, label in rows)

    assert_agree(F["input_grad"](**of), exact_gradient(cost, of["x"]), Tolerance(1e-12, scale=size))


@networks
def test_the_networks_cost_is_the_mean_and_its_gradient_that_of_the_flat_params(
    size: float, shape: tuple[int, int, int, int]
) -> None:
    N, Dx, H, Dy = shape
    data, labels = draw(1.0, N, Dx), one_hot(N, Dy)
    params = draw(size, Dx * H + H + H * Dy + Dy)

    def exact_mean(at: np.ndarray) -> mpf:
        entries = iter(at)

        def take(*of: int) -> Any:
            return [take(*of[1:]) for _ in range(of[0])] if of else next(entries)

        weights = take(Dx, H), take(H), take(H, Dy), take(Dy)
        rows = zip(exact(data), labels.tolist(), strict=True)
        return mpmath.fsum(exact_cost(row, label, *weights) for row, label in rows) / N

    cost, gradient = F["forward_backward_prop"](data, labels, params, (Dx, H, Dy))
    assert_agree(cost, float(exact_mean(exact(params))))
    assert_agree(gradient, exact_gradient(exact_mean, params))


@pytest.mark.parametrize("size", [0.1, 1.0, 2.5])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_ridders_agrees_with_both_gradients_of_the_network(size: float, shape: tuple[int, int, int, int]) -> None:
    of = network(size, shape)
    weights = [of[name] for name in WEIGHTS]
    dimensions, params = shape[1:], np.concatenate([weight.ravel() for weight in weights])
    loss = lambda at: F["cross_entropy"](of["y"], F["forward"](at, *weights)[1])  # noqa: E731
    of_params = lambda at: F["forward_backward_prop"](of["x"], of["y"], at, dimensions)[0]  # noqa: E731
    assert_agree(F["input_grad"](**of) / shape[0], ridders_gradient(loss, of["x"]), BY_DIFFERENCES)
    gradient = F["forward_backward_prop"](of["x"], of["y"], params, dimensions)[1]
    assert_agree(gradient, ridders_gradient(of_params, params), BY_DIFFERENCES)


@pytest.mark.parametrize("fault", ["scale", "one entry", "order", "sign of one"])
def test_the_proof_catches_a_planted_wrong_gradient(fault: str) -> None:
    of = network(1.0, (2, 3, 3, 3))
    weights = [of[name] for name in WEIGHTS]
    right = F["input_grad"](**of)
    wrong = {
        "scale": right * (1 + 1e-6),
        "one entry": right + 1e-6 * np.eye(*right.shape),
        "order": right[:, ::-1],
        "sign of one": np.where(np.eye(*right.shape) > 0, -right, right),
    }[fault]
    want = exact_gradient(
        lambda at: mpmath.fsum(
            exact_cost(row, label, *map(exact, weights))
            for row, label in zip(at.tolist(), of["y"].tolist(), strict=True)
        ),
        of["x"],
    )
    assert compare(right, want, PROVED) is None
    assert compare(wrong, want, PROVED) is not None


# Forms


def test_one_example_may_be_a_vector_or_a_row_and_biases_may_be_rows() -> None:
    of = network(1.0, (1, 5, 3, 4))
    want = F["input_grad"](**of), *F["forward"](*(of[name] for name in ("x", *WEIGHTS)))
    for as_vector, as_rows in itertools.product([False, True], repeat=2):
        form = dict(of)
        if as_vector:
            form |= {"x": of["x"][0], "y": of["y"][0]}
        if as_rows:
            form |= {"b1": of["b1"][None], "b2": of["b2"][None]}
        got = F["input_grad"](**form), *F["forward"](*(form[name] for name in ("x", *WEIGHTS)))
        for one, other in zip(got, want, strict=True):
            assert_agree(one, other[0] if as_vector else other)


def test_a_batch_is_its_rows() -> None:
    of = network(2.5, (4, 5, 3, 6))
    rows = [F["input_grad"](**of | {"x": x, "y": y}) for x, y in zip(of["x"], of["y"], strict=True)]
    assert_agree(F["input_grad"](**of), np.array(rows))


def test_no_function_changes_its_arguments() -> None:
    of = network(1.0, (2, 3, 4, 5))
    weights = {name: of[name] for name in WEIGHTS}
    params = np.concatenate([weight.ravel() for weight in weights.values()])
    calls: list[tuple[str, tuple[Any, ...]]] = [
        ("softmax", (of["x"],)),
        ("sigmoid", (of["x"],)),
        ("sigmoid_grad", (of["x"],)),
        ("cross_entropy", (of["y"], F["softmax"](of["y"]))),
        ("softmax_cross_entropy_grad", (of["y"] + 1.0, of["y"])),
        ("forward", (of["x"], *weights.values())),
        ("input_grad", (of["x"], of["y"], *weights.values())),
        ("forward_backward_prop", (of["x"], of["y"], params, (3, 4, 5))),
    ]
    for name, args in calls:
        for arg in args:
            if isinstance(arg, np.ndarray):
                arg.flags.writeable = False
        F[name](*args)


def test_the_least_true_probability_is_that_of_the_worst_row() -> None:
    of = network(1.0, (4, 5, 3, 6))
    weights = [of[name] for name in WEIGHTS]
    params = np.concatenate([weight.ravel() for weight in weights])
    y_hat = F["forward"](of["x"], *weights)[1]
    want = min(row[on.argmax()] for row, on in zip(y_hat, of["y"], strict=True))
    assert F["least_true_probability"](of["x"], of["y"], params, (5, 3, 6)) == want


# gradcheck_naive and the functions that it is tried on

#: Each stub's data where its gradient is right, and the name of the number that the gradient is proportional to.
STUBS: dict[str, tuple[dict[str, float], str]] = {
    "tilt": ({"lean": 1.5, "slope": 1.5}, "slope"),
    "bowl": ({"curve": 1.5, "slope": 3.0}, "slope"),
    "saddle": ({"height": 0.5, "weight": 1.5, "slope": 1.5}, "slope"),
    "wave": ({"height": 0.5, "rate": 3.0, "slope": 1.5}, "slope"),
    "growth": ({"height": 2.0, "rate": 0.75, "slope": 1.5}, "slope"),
    "ramp": ({"height": 2.0, "rate": 0.75, "slope": 1.5}, "slope"),
    "peak": ({"height": 2.0, "slope": 2.0}, "slope"),
    "hills": ({"curve": 1.0, "height": 0.5, "rate": 2.0, "slope": 2.0, "swing": 1.0}, "swing"),
}
POINTS = [(), (1,), (4,), (2, 3), (3, 3), (2, 1, 3)]
stubs = pytest.mark.parametrize("name", STUBS)
points = pytest.mark.parametrize("shape", POINTS, ids=str)


def point(*shape: int) -> np.ndarray:
    """Entries between 0.5 and 3 in size, of both signs, except one."""
    random = np.random.default_rng([3, *shape])
    x = random.uniform(0.5, 3.0, shape) * random.choice([-1.0, 1.0], shape)
    return np.array(x)


def bound(name: str, **data: Any) -> Callable[[np.ndarray], tuple[float, np.ndarray]]:
    """The stub as a child sees it: its source, numpy as `np`, and nothing else."""
    stub = REFERENCE.stub(name, data)
    namespace: dict[str, Any] = {"np": np}
    exec(compile(stub.source, name, "exec"), namespace)
    return lambda x: namespace[name](x, **stub.data)


def test_every_stub_is_proved() -> None:
    public = {name for name, call in F.items() if call.__module__ == "stubs"}
    assert public == set(STUBS)


@stubs
@points
def test_a_stubs_gradient_is_right_where_its_docstring_says(name: str, shape: tuple[int, ...]) -> None:
    f, x = bound(name, **STUBS[name][0]), point(*shape)
    cost, gradient = f(x)
    assert (type(cost), gradient.shape) == (float, shape)
    assert_agree(gradient, ridders_gradient(lambda at: f(at)[0], x), BY_DIFFERENCES)


@stubs
@points
def test_the_formula_of_a_stub_that_reports_show_is_what_it_computes(name: str, shape: tuple[int, ...]) -> None:
    said, x = show_value(REFERENCE.stub(name, dict(STUBS[name][0]))), point(*shape)
    formula = re.search(r"cost (.+), gradient (.+)", said)
    assert formula, said
    names = {"x": x, **{each: getattr(np, each) for each in ("sum", "sin", "cos", "exp", "log")}}
    cost, gradient = (eval(text, {}, names) for text in formula.groups())
    due_cost, due_gradient = bound(name, **STUBS[name][0])(x)
    assert_agree(np.asarray(cost), np.asarray(due_cost))
    assert_agree(gradient + 0 * x, due_gradient)


@stubs
@points
@pytest.mark.parametrize("size", [1e-3, 1.0, 1e3, 1e9])
def test_gradcheck_tells_right_from_wrong(name: str, shape: tuple[int, ...], size: float) -> None:
    data, key = STUBS[name]
    data = {k: v if k in ("rate", "weight") else v * size for k, v in data.items()}
    x = point(*shape)
    assert F["gradcheck_naive"](bound(name, **data), x) is True
    right = bound(name, **data)(x)[1]
    factors = [1.02, 0.98, -1.0, 0.0] if size >= 1 else [1 + 1 / size]
    wrong = [bound(name, **data | {key: data[key] * factor}) for factor in factors]
    promised = [f for f in wrong if np.any(np.abs(f(x)[1] - right) >= np.maximum(0.02, 0.01 * np.abs(right)))]
    assert promised
    assert not any(F["gradcheck_naive"](f, x) for f in promised)


@points
def test_gradcheck_finds_one_wrong_entry_wherever_it_is(shape: tuple[int, ...]) -> None:
    for index in np.ndindex(shape):
        slope = np.full(shape, 1.5)
        slope[index] += 0.0201
        assert F["gradcheck_naive"](bound("tilt", lean=1.5, slope=slope), point(*shape)) is False


def test_gradcheck_sees_a_small_fault_beside_a_huge_slope() -> None:
    lean, x = np.array([1e9, 1.5]), np.array([3.0, -0.5])
    assert F["gradcheck_naive"](bound("tilt", lean=lean, slope=lean), x) is True
    assert F["gradcheck_naive"](bound("tilt", lean=lean, slope=lean + np.array([0.0, 0.0201])), x) is False


@points
def test_gradcheck_leaves_x_alone(shape: tuple[int, ...]) -> None:
    x = point(*shape)
    x.flags.writeable = False
    assert F["gradcheck_naive"](bound("wave", height=1.0, rate=1.0, slope=1.0), x) is True


@pytest.mark.parametrize("gradient", [math.nan, math.inf])
def test_a_gradient_that_isnt_finite_is_wrong(gradient: float) -> None:
    assert F["gradcheck_naive"](lambda x: (float(np.sum(x)), np.full(x.shape, gradient)), point(3)) is False
