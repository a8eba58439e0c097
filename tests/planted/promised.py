"""Calls that the contract promises, each with the true answer, without any part of the grader.

Truth comes from 40-digit arithmetic that knows only the definitions: probabilities and costs from mpmath's exp and
log, every gradient from central differences of the 40-digit cost (step 1e-12, so good to about 20 digits). Inputs
are random but fixed: all shapes, forms of one example, coinciding sizes, extremes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any, NamedTuple

import mpmath as mp
import numpy as np

mp.mp.dps = 40
STEP = mp.mpf(10) ** -12
Array = np.ndarray[Any, Any]


class Case(NamedTuple):
    """One promised call. `accept(result, tolerance)` says what is wrong with a result, or nothing."""

    label: str
    args: tuple[Any, ...]
    accept: Callable[[Any, float], str]


# --- truth, in 40 digits ------------------------------------------------------------------------------------


def mp_softmax(v: list[Any]) -> list[Any]:
    exps = [mp.exp(t) for t in v]
    return [e / mp.fsum(exps) for e in exps]


def mp_ce(theta: list[Any], k: int) -> Any:
    return mp.log(mp.fsum(mp.exp(t) for t in theta)) - theta[k]


def mp_layer(x: list[Any], w: list[list[Any]], b: list[Any]) -> list[Any]:
    return [mp.fsum(xi * row[j] for xi, row in zip(x, w, strict=True)) + b[j] for j in range(len(b))]


def mp_net(x: list[Any], w1: Any, b1: Any, w2: Any, b2: Any) -> tuple[list[Any], list[Any]]:
    """The hidden activations and the scores of one example."""
    h = [1 / (1 + mp.exp(-z)) for z in mp_layer(x, w1, b1)]
    return h, mp_layer(h, w2, b2)


def mp_net_ce(weights: list[Any], k: int, x: list[Any]) -> Any:
    return mp_ce(mp_net(x, *weights)[1], k)


def mp_list(a: Any) -> Any:
    return [mp_list(v) for v in a] if np.ndim(a) else mp.mpf(float(a))


def to_floats(a: Any) -> Array:
    return np.array([[float(v) for v in row] for row in a])


def slope(cost: Callable[[list[Any]], Any], at: list[Any]) -> list[Any]:
    """The gradient of `cost` by central differences in 40 digits."""
    out = []
    for i in range(len(at)):
        up, down = list(at), list(at)
        up[i] += STEP
        down[i] -= STEP
        out.append((cost(up) - cost(down)) / (2 * STEP))
    return out


# --- what is accepted ---------------------------------------------------------------------------------------


def compare(got: Any, want: Array, shapes: list[tuple[int, ...]], scale: float | None, tolerance: float) -> str:
    try:
        a = np.asarray(got)
    except ValueError:
        return "not an array"
    if a.dtype.kind != "f":
        return f"dtype {a.dtype}"
    if a.shape not in shapes:
        return f"shape {a.shape}, not {shapes}"
    if not np.isfinite(a).all():
        return "not finite"
    if a.dtype == np.float32:
        tolerance = max(tolerance, 2e-4)
    a, w = a.astype(float).reshape(-1), want.reshape(-1)
    scale = float(np.max(np.abs(w))) if scale is None else scale
    off = np.abs(a - w) / (np.abs(w) + scale)
    return f"off by {off.max():.2g}" if off.max() > tolerance else ""


def array_case(label: str, args: tuple[Any, ...], want: Array, scale: float | None, *more: tuple[int, ...]) -> Case:
    shapes = [want.shape, *more]
    return Case(label, args, lambda got, tol: compare(got, want, shapes, scale, tol))


def number(got: Any, low: float, high: float, tolerance: float) -> str:
    """A number, 0-d or size-one array within [low, high], give or take; high may be infinite."""
    a = np.asarray(got)
    if a.size != 1 or a.dtype.kind != "f":
        return f"not a number but {a.dtype} of shape {a.shape}"
    v = float(a.reshape(-1)[0])
    tolerance = max(tolerance, 2e-4) if a.dtype == np.float32 else tolerance
    slack = tolerance * (1 + abs(low))
    return "" if v >= low - slack and v <= high + slack else f"{v}, not in [{low}, {high}]"


def pair(first: Callable[[Any, float], str], second: Callable[[Any, float], str]) -> Callable[[Any, float], str]:
    def accept(got: Any, tolerance: float) -> str:
        if not isinstance(got, tuple | list) or len(got) != 2:
            return "not a pair"
        return first(got[0], tolerance) or second(got[1], tolerance)

    return accept


# --- promised inputs ----------------------------------------------------------------------------------------


def one_hot(rng: np.random.Generator, n: int, d: int) -> Array:
    return np.eye(d)[rng.integers(d, size=n)]


def score_inputs(rng: np.random.Generator) -> Iterator[tuple[str, Array]]:
    shapes = [(2,), (3,), (5,), (1, 4), (2, 3), (3, 2), (3, 3), (4, 4), (5, 3), (1, 2)]
    for shape in shapes:
        yield "normal", rng.normal(size=shape) * 2.5
        yield "large", np.clip(rng.normal(size=shape) * 5e3, -1e4, 1e4)
        level = rng.choice([-1e4, -1e3, 1e3, 9990.0], size=shape[:-1])
        yield "levels", np.asarray(level)[..., None] + rng.normal(size=shape)
        yield "constant", np.full(shape, 3.0)
    yield "far rows", np.array([[1e4, 9999.0, 0.0], [-1e4, -9999.0, -9998.0]])
    yield "corners", np.array([1e4, -1e4, 0.0])
    yield "negative", np.array([-1e4, -1e4, -9999.0])


def elementwise_inputs(rng: np.random.Generator) -> Iterator[tuple[str, Array]]:
    for shape in [(), (1,), (4,), (1, 1), (1, 3), (2, 3), (3, 3), (3, 1), (2, 3, 2)]:
        yield "normal", np.asarray(rng.normal(size=shape) * 2.5)
        yield "zero", np.zeros(shape)
        yield "large", np.asarray(rng.choice([-1e4, -800.0, -30.0, 30.0, 800.0, 1e4], size=shape))
        yield "mixed", np.asarray(rng.normal(size=shape) * rng.choice([1e-3, 1.0, 20.0], size=shape))


SIZES = [
    (4, 3, 5, 2), (3, 3, 4, 2), (4, 2, 4, 3), (5, 3, 3, 2), (2, 5, 3, 3), (3, 2, 4, 3),
    (4, 3, 2, 3), (3, 3, 3, 3), (2, 2, 2, 2), (1, 3, 4, 2), (1, 3, 3, 3), (2, 4, 3, 5), (1, 2, 2, 4),
]  # fmt: skip


def networks(rng: np.random.Generator) -> Iterator[tuple[Array, Array, list[Array]]]:
    """(x, y, [W1, b1, W2, b2]) with all probabilities at least 0.02, at the scales 0.5, 1 and 2.5."""
    for n, dx, hid, dy in SIZES * 2:
        while True:
            scale = rng.choice([0.5, 1.0, 2.5])
            x = rng.normal(size=(n, dx)) * scale
            w = [rng.normal(size=s) * scale for s in [(dx, hid), (1, hid), (hid, dy), (1, dy)]]
            p = [mp_softmax(mp_net(mp_list(r), *_rows(w))[1]) for r in x]
            if min(min(r) for r in p) >= 0.02:
                yield x, one_hot(rng, n, dy), w
                break


def _rows(w: list[Array]) -> list[Any]:
    return [mp_list(w[0]), mp_list(w[1][0]), mp_list(w[2]), mp_list(w[3][0])]


def bias_forms(rng: np.random.Generator, w: list[Array]) -> list[Array]:
    """Each bias as a row or flat, at random."""
    return [b.reshape(-1) if i % 2 and rng.random() < 0.5 else b for i, b in enumerate(w)]


# --- cases per function -------------------------------------------------------------------------------------


def softmax_cases(rng: np.random.Generator) -> Iterator[Case]:
    for label, x in score_inputs(rng):
        want = to_floats([mp_softmax(mp_list(r)) for r in np.atleast_2d(x)]).reshape(x.shape)
        yield array_case(label, (x,), want, 1)


def sigmoid_cases(rng: np.random.Generator) -> Iterator[Case]:
    for label, x in elementwise_inputs(rng):
        flat = [1 / (1 + mp.exp(-mp.mpf(float(v)))) for v in x.reshape(-1)]
        yield array_case(label, (x,), to_floats([flat]).reshape(x.shape), 1)


def sigmoid_grad_cases(rng: np.random.Generator) -> Iterator[Case]:
    for label, x in elementwise_inputs(rng):
        s = np.asarray([float(1 / (1 + mp.exp(-mp.mpf(float(v))))) for v in x.reshape(-1)]).reshape(x.shape)
        flat = [mp.mpf(float(v)) * (1 - mp.mpf(float(v))) for v in s.reshape(-1)]
        yield array_case(label, (s,), to_floats([flat]).reshape(x.shape), 0.25)


def cross_entropy_cases(rng: np.random.Generator) -> Iterator[Case]:
    for shape in [(2,), (4,), (1, 3), (3, 2), (2, 3), (3, 3), (5, 4), (4, 5)]:
        for _ in range(3):
            p = rng.dirichlet(np.ones(shape[-1]), size=shape[:-1]) * (1 - 0.02 * shape[-1]) + 0.02
            y = one_hot(rng, len(np.atleast_2d(p)), shape[-1]).reshape(shape)
            hit = [mp.mpf(float(v)) for v in np.atleast_2d(y * p).sum(axis=1)]
            want = float(mp.fsum(-mp.log(v) for v in hit) / len(hit))
            yield Case("normal", (y, p), lambda got, tol, w=want: number(got, w, w, tol))
        yield Case("certain", (y, y.copy()), lambda got, tol: number(got, 0, 0, tol))
        half = 0.5 * y + 0.5 * np.roll(y, 1, axis=-1)
        yield Case("zeros beside", (y, half), lambda got, tol: number(got, np.log(2), np.log(2), tol))
        other = np.roll(y, 1, axis=-1)
        yield Case("true class has zero", (y, other), lambda got, tol: number(got, 15, np.inf, 0))
        if len(np.atleast_2d(y)) > 1:
            one = np.concatenate([other[:1], half[1:]])
            least = 15 / len(y)
            yield Case("one row has zero", (y, one), lambda got, tol, least=least: number(got, least, np.inf, 0))


def softmax_cross_entropy_grad_cases(rng: np.random.Generator) -> Iterator[Case]:
    for shape in [(2,), (4,), (1, 3), (3, 2), (2, 3), (3, 3), (5, 4), (4, 4)] * 2:
        theta = rng.normal(size=shape) * rng.choice([0.5, 1.0, 2.5])
        rows = np.atleast_2d(theta)
        y = one_hot(rng, len(rows), shape[-1])
        want = [slope(partial(mp_ce, k=k), mp_list(r)) for r, k in zip(rows, y.argmax(axis=1), strict=True)]
        yield array_case("normal", (theta, y.reshape(shape)), to_floats(want).reshape(shape), 1)


def forward_cases(rng: np.random.Generator) -> Iterator[Case]:
    for x, _, w in networks(rng):
        hs, ss = zip(*[mp_net(mp_list(r), *_rows(w)) for r in x], strict=True)
        h, p = to_floats(hs), to_floats([mp_softmax(s) for s in ss])
        h_more, p_more = ([h.shape[1:]], [p.shape[1:]]) if len(x) == 1 else ([], [])
        for form in [x, x[0]] if len(x) == 1 else [x]:
            accept = pair(array_case("", (), h, 1, *h_more).accept, array_case("", (), p, 1, *p_more).accept)
            yield Case("network", (form, *bias_forms(rng, w)), accept)


def input_grad_cases(rng: np.random.Generator) -> Iterator[Case]:
    for x, y, w in networks(rng):
        loss = partial(mp_net_ce, _rows(w))
        want = to_floats(slope(partial(loss, k), mp_list(r)) for r, k in zip(x, y.argmax(axis=1), strict=True))
        more = [want.shape[1:], want.T.shape] if len(x) == 1 else []
        for fx, fy in [(x, y), (x[0], y[0])] if len(x) == 1 else [(x, y)]:
            yield array_case("network", (fx, fy, *bias_forms(rng, w)), want, None, *more)


def forward_backward_prop_cases(rng: np.random.Generator) -> Iterator[Case]:
    for i, (x, y, w) in enumerate(networks(rng)):
        dims = (x.shape[1], w[0].shape[1], y.shape[1])
        params = np.concatenate([a.reshape(-1) for a in w])
        data, classes = mp_list(x), [int(t.argmax()) for t in y]

        def cost(v: list[Any], dims: Any = dims, data: Any = data, classes: Any = classes) -> Any:
            dx, hid, dy = dims
            it = iter(v)
            take = lambda r, c: [[next(it) for _ in range(c)] for _ in range(r)]  # noqa: E731
            net = take(dx, hid), take(1, hid)[0], take(hid, dy), take(1, dy)[0]
            return mp.fsum(mp_ce(mp_net(r, *net)[1], k) for r, k in zip(data, classes, strict=True)) / len(data)

        want, at = np.array([float(g) for g in slope(cost, mp_list(params))]), float(cost(mp_list(params)))
        size = params.size
        accept = pair(
            lambda got, tol, c=at: number(got, c, c, tol),
            array_case("", (), want, None, (1, size), (size, 1)).accept,
        )
        yield Case("network", (x, y, params, dims if i % 2 else list(dims)), accept)


# --- gradcheck: right and wrong gradients of smooth functions ------------------------------------------------


def smooth_functions(
    rng: np.random.Generator,
) -> Iterator[tuple[str, Callable[[Array], Any], Callable[[Array], Any], Any]]:
    """(label, cost, gradient, shape). Some look at single places of x, so that its shape matters."""
    m = rng.normal(size=(3, 4))
    yield "row sums", lambda x: np.sum((x @ m) ** 2), lambda x: 2 * (x @ m) @ m.T, (2, 3)
    yield (
        "products",
        lambda x: x[0, 0] * x[1, 1] - np.sin(x[0, 1]),
        lambda x: np.array([[x[1, 1], -np.cos(x[0, 1])], [0.0, x[0, 0]]]),
        (2, 2),
    )
    for shape in [(), (1,), (5,), (2, 3), (3, 3), (1, 4), (2, 2, 2)]:
        c = np.asarray(rng.uniform(0.5, 3, size=shape)) * rng.choice([-1, 1], size=shape)
        yield "square", lambda x: np.sum(x**2), lambda x: 2 * x, shape
        yield "sines", lambda x, c=c: np.sum(c * np.sin(x)), lambda x, c=c: c * np.cos(x), shape
        yield "quartic", lambda x: np.sum(x**4) / 4, lambda x: x**3, shape
        yield "exp", lambda x: np.sum(np.exp(x)), np.exp, shape
        yield "tanh", lambda x, c=c: np.sum(np.tanh(c * x)), lambda x, c=c: c / np.cosh(c * x) ** 2, shape
        yield "linear 1e9", lambda x, c=c: 3e8 * np.sum(c * x), lambda x, c=c: 3e8 * c + 0 * x, shape
        yield "square 1e6", lambda x: 1e6 * np.sum(x**2), lambda x: 2e6 * x, shape
        yield "cubic 1e7", lambda x: 1e7 * np.sum(x**3), lambda x: 3e7 * x**2, shape
        yield "flat", lambda x: 0.0 * np.sum(x) + 2.5, lambda x: 0 * x, shape
        yield "first only", lambda x: np.ravel(x)[0] ** 2, lambda x: 2 * x * _first(x), shape


def _first(x: Array) -> Array:
    out = np.zeros(np.shape(x))
    out.flat[0] = 1
    return out


def corruptions(rng: np.random.Generator, g: Array) -> Iterator[tuple[str, Array]]:
    """Gradients with an entry that is off by at least 0.02 and by at least 1 %, mostly just that."""
    by = np.maximum(0.0201, 0.0101 * np.abs(g))
    for i in {0, g.size // 2, g.size - 1, 1 % g.size}:
        for sign in (-1, 1):
            bad = np.array(g)
            bad.flat[i] += sign * by.flat[i]
            yield f"entry {i} off", bad
    yield "all off", g + by * rng.choice([-1, 1], size=g.shape)
    yield "twice and more", 2 * g + 0.03
    yield "negative", -g - 0.02 * np.where(g < 0, -1, 1)
    if np.abs(g).min() >= 0.02:
        yield "flipped", -g
    balanced = np.array(g)
    if g.size > 1:
        balanced.flat[0] += by.max()
        balanced.flat[-1] -= by.max()
        yield "two errors that cancel", balanced


def gradcheck_naive_cases(rng: np.random.Generator) -> Iterator[Case]:
    for label, cost, grad, shape in smooth_functions(rng):
        x = np.asarray(rng.uniform(0.4, 2.9, size=shape) * rng.choice([-1, 1], size=shape))
        yield Case(f"{label} {shape} right", (_f(cost, grad), x), lambda got, _: truth(got, True))
        for what, bad in corruptions(rng, np.asarray(grad(x))):
            off = bad - np.asarray(grad(x))
            f = _f(cost, lambda z, grad=grad, off=off: grad(z) + off)
            yield Case(f"{label} {shape} {what}", (f, x), lambda got, _: truth(got, False))


def truth(got: Any, wanted: bool) -> str:
    if np.size(got) != 1 and isinstance(got, np.ndarray):
        return "neither true nor false"
    if bool(got) == wanted:
        return ""
    return "right one rejected" if wanted else "wrong one accepted"


def _f(cost: Callable[[Array], Any], grad: Callable[[Array], Any]) -> Callable[[Array], Any]:
    return lambda x: (float(cost(x)), np.array(grad(x), dtype=float))


@cache
def cases(function: str) -> list[Case]:
    """The same cases for every variant of a function."""
    return list(globals()[f"{function}_cases"](np.random.default_rng(20)))
