"""The variants of assignment 1: each mistake is wrong and like no other, each right style is right."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.numeric.agreement import Tolerance, compare
from grader.reference import Variant, load_reference
from grader.worker.shared.interpreter import run_here
from grader.worker.shared.steps import Call, Inspect, Outcome, Raised, Ref, Returned, Step, StoreValue, Stub

REFERENCE = load_reference(Path(__file__).parents[2] / "reference" / "assignment1")
least_true_probability = REFERENCE.functions["least_true_probability"]
MISTAKES = [variant for variant in REFERENCE.variants if variant.kind == "mistake"]
RIGHTS = [variant for variant in REFERENCE.variants if variant.kind == "right"]
FUNCTIONS = (
    "softmax",
    "sigmoid",
    "sigmoid_grad",
    "cross_entropy",
    "softmax_cross_entropy_grad",
    "forward",
    "input_grad",
    "forward_backward_prop",
    "gradcheck_naive",
)
Arguments = dict[str, Any]


def variants(of: list[Variant]) -> pytest.MarkDecorator:
    names = [re.sub(r"\W+", " ", f"{variant.function}: {variant.name}") for variant in of]
    return pytest.mark.parametrize("variant", of, ids=names)


# What the contract promises: arguments, drawn anew for each seed

#: N, Dx, H, Dy: all different, all equal, each pair equal in turn, and one example.
SHAPES = [(4, 5, 3, 6), (3, 3, 3, 3), (4, 4, 3, 5), (3, 5, 3, 4), (4, 3, 3, 5), (4, 5, 3, 3), (1, 5, 3, 4)]


def one_hot(random: np.random.Generator, *shape: int) -> np.ndarray:
    return np.eye(shape[-1])[random.integers(shape[-1], size=shape[:-1])]


def probabilities(random: np.random.Generator, *shape: int) -> np.ndarray:
    """Rows that sum to one, with no entry under 0.02."""
    return 0.02 + (1 - 0.02 * shape[-1]) * random.dirichlet(np.ones(shape[-1]), shape[:-1])


def of_softmax(random: np.random.Generator) -> Iterator[Arguments]:
    for shape in [(4, 6), (3, 3), (1, 5), (5,)]:
        yield {"x": random.normal(size=shape) * 2.5}
    for rows in (
        [[1001.0, 1002.0], [-1001.0, -1002.0]],
        [[3e3, 0.0, 0.0, 0.0]],
        [[-1e3, 0.0, 0.0, 0.0]],
        [[1e4, -1e4]],
        [[900.0, 0.0, 0.0]],
    ):
        yield {"x": np.array(rows)}
        yield {"x": np.array(rows)[-1]}


def of_sigmoid(random: np.random.Generator) -> Iterator[Arguments]:
    for shape in [(), (4,), (3, 5), (3, 3), (2, 1, 3)]:
        yield {"x": np.array(random.normal(size=shape) * 2.5)}
    yield {"x": np.array([[1e4, -1e4], [750.0, -750.0]])}


def of_sigmoid_grad(random: np.random.Generator) -> Iterator[Arguments]:
    for arguments in itertools.islice(of_sigmoid(random), 5):
        yield {"s": REFERENCE.functions["sigmoid"](arguments["x"])}


def of_cross_entropy(random: np.random.Generator) -> Iterator[Arguments]:
    for shape in [(4, 6), (3, 3), (1, 5), (5,)]:
        yield {"y": one_hot(random, *shape), "y_hat": probabilities(random, *shape)}
    for shown in ([1.0, 0.0], [0.0, 1.0]):
        yield {"y": np.array([1.0, 0.0]), "y_hat": np.array(shown)}
        yield {"y": np.array([[1.0, 0.0]]), "y_hat": np.array([shown])}


def of_softmax_cross_entropy_grad(random: np.random.Generator) -> Iterator[Arguments]:
    for shape in [(4, 6), (3, 3), (1, 5), (5,)]:
        yield {"theta": random.normal(size=shape) * 2.5, "y": one_hot(random, *shape)}


def of_input_grad(random: np.random.Generator) -> Iterator[Arguments]:
    for N, Dx, H, Dy in SHAPES:
        sizes = {"x": (N, Dx), "W1": (Dx, H), "b1": (H,), "W2": (H, Dy), "b2": (Dy,)}
        arrays = {name: random.normal(size=size) for name, size in sizes.items()} | {"y": one_hot(random, N, Dy)}
        yield arrays
        yield arrays | {"b1": arrays["b1"][None], "b2": arrays["b2"][None]}
    yield arrays | {"x": arrays["x"][0], "y": arrays["y"][0]}


def of_forward(random: np.random.Generator) -> Iterator[Arguments]:
    for arguments in of_input_grad(random):
        yield {name: array for name, array in arguments.items() if name != "y"}


def of_forward_backward_prop(random: np.random.Generator) -> Iterator[Arguments]:
    for N, Dx, H, Dy in SHAPES:
        yield next(drawn for drawn in batches(random, N, Dx, H, Dy) if least_true_probability(**drawn) >= 0.02)


def batches(random: np.random.Generator, N: int, Dx: int, H: int, Dy: int) -> Iterator[Arguments]:
    while True:
        data, labels = random.normal(size=(N, Dx)), one_hot(random, N, Dy)
        params = random.normal(size=Dx * H + H + H * Dy + Dy)
        yield {"data": data, "labels": labels, "params": params, "dimensions": (Dx, H, Dy)}


def of_gradcheck_naive(random: np.random.Generator) -> Iterator[Arguments]:
    for shape in [(), (4,), (2, 3), (3, 3)]:
        x = np.array(random.uniform(0.5, 3.0, shape) * random.choice([-1.0, 1.0], shape))
        yield from ({"f": f, "x": x} for f in functions_to_check(random, shape))


def functions_to_check(random: np.random.Generator, shape: tuple[int, ...]) -> Iterator[Stub]:
    """Right gradients of many sizes, and wrong ones: everywhere, in one entry, and so that a sum or norm hides it."""

    def stub(name: str, **data: Any) -> Stub:
        return REFERENCE.stub(name, {k: np.array(v) for k, v in data.items()})

    lean = random.uniform(1.0, 3.0, shape)
    for size in (1e-3, 1.0, 1e9):
        yield stub("tilt", lean=lean * size, slope=lean * size)
    yield stub("tilt", lean=0.0, slope=0.0)
    yield stub("bowl", curve=2.0, slope=4.0)
    yield stub("saddle", height=0.5, weight=lean, slope=lean)
    yield stub("wave", height=1.0, rate=3.0, slope=3.0)
    yield stub("growth", height=1.0, rate=1.0, slope=1.0)
    yield stub("peak", height=20.0, slope=20.0)
    for factor in (-1.0, 0.5, 2.0, 0.97, 1.03, 0.0, 2e-4):
        yield stub("tilt", lean=lean, slope=factor * lean)
        yield stub("peak", height=200.0, slope=factor * 200.0)
    for index in np.ndindex(shape):
        yield stub("tilt", lean=lean, slope=lean + 0.05 * _only(index, shape))
    if lean.size > 1:
        first, last = _only((0,) * len(shape), shape), _only(tuple(side - 1 for side in shape), shape)
        yield stub("tilt", lean=lean, slope=lean + first - last)
        yield stub("tilt", lean=lean, slope=lean.ravel()[::-1].reshape(shape))
        yield stub("tilt", lean=2.0, slope=2.0 * lean.size)


def _only(index: tuple[int, ...], shape: tuple[int, ...]) -> np.ndarray:
    one = np.zeros(shape)
    one[index] = 1.0
    return one


@functools.cache
def probes(function: str, seed: int) -> list[Arguments]:
    return list(globals()[f"of_{function}"](np.random.default_rng([20150407, seed])))


# What is asked, and what is right


def asked(function: str, arguments: Arguments, later: Arguments) -> list[Step]:
    """The call; what its arguments hold then; the call again; a call with others; what the first result holds then."""
    names = list(arguments)
    puts: list[Step] = [StoreValue(arguments[name]) for name in names]
    refs = {name: arguments[name] if isinstance(arguments[name], Stub) else Ref(i) for i, name in enumerate(names)}
    call = Call(function, kwargs=refs)
    after: list[Step] = [Inspect(Ref(i)) for i in range(len(names))]
    return [
        *puts,
        call,
        *after,
        Call(function, kwargs=arguments),
        Call(function, kwargs=later),
        Inspect(Ref(len(names))),
    ]


def answers(function: str, call: Any, seed: int) -> list[tuple[Outcome, ...]]:
    """For each probe: the answer, each argument after it, the same call's answer, and the first answer at the end."""
    found = []
    for arguments, later in zip(probes(function, seed), probes(function, seed + 1), strict=True):
        outcomes = run_here(asked(function, arguments, later), {function: call})
        n = len(arguments)
        found.append((*outcomes[n : 2 * n + 2], outcomes[-1]))
    return found


@functools.cache
def truths(function: str, seed: int) -> list[tuple[Outcome, ...]]:
    return answers(function, REFERENCE.functions[function], seed)


@functools.cache
def mistaken(function: str) -> dict[Variant, list[tuple[Outcome, ...]]]:
    """What each mistake of a function answers."""
    return {variant: answers(function, variant.call, 0) for variant in REFERENCE.of("mistake", function)}


def parts(function: str, value: Any) -> list[np.ndarray] | None:
    """The arrays of an answer: one, or the two of a pair; None where it isn't a pair as it should be."""
    if function not in ("forward", "forward_backward_prop"):
        return [np.asarray(value)]
    if not isinstance(value, (tuple, list)) or len(value) != 2 or any(isinstance(part, list) for part in value):
        return None
    return [np.asarray(part) for part in value]


def allowed_shapes(function: str, part: int, want: np.ndarray, arguments: Arguments) -> set[tuple[int, ...]]:
    size = want.size
    if want.shape == ():
        return {(), (1,), (1, 1)} if function in ("cross_entropy", "forward_backward_prop") else {()}
    one_example = np.ndim(arguments.get("x", 0)) == 1 or np.shape(arguments.get("x", [0, 0]))[0] == 1
    if function == "forward" and one_example:
        return {(size,), (1, size)}
    if function == "forward_backward_prop" or (function == "input_grad" and one_example):
        return {(size,), (1, size), (size, 1)}
    return {want.shape}


def is_right(function: str, outcome: Outcome, truth: Outcome, arguments: Arguments) -> bool:
    """The contract of the handout, for one answer."""
    assert isinstance(truth, Returned)
    if not isinstance(outcome, Returned):
        return False
    if function == "gradcheck_naive":
        return bool(bool(outcome.value) == truth.value)
    got, want = parts(function, outcome.value), parts(function, truth.value)
    assert want is not None
    if got is None or len(got) != len(want):
        return False
    if function == "cross_entropy" and not np.any(arguments["y"] * arguments["y_hat"]):
        return bool(got[0].size == 1 and got[0].ravel()[0] >= 15)
    tolerance = Tolerance(scale=None if function in ("input_grad", "forward_backward_prop") else 1.0)
    return all(
        g.shape in allowed_shapes(function, i, w, arguments) and compare(g.reshape(w.shape), w, tolerance) is None
        for i, (g, w) in enumerate(zip(got, want, strict=True))
    )


def faults(variant: Variant, seed: int, answered: list[tuple[Outcome, ...]] | None = None) -> list[str]:
    """Everything that is wrong with a variant's answers."""
    function = variant.function
    answered = answered or answers(function, variant.call, seed)
    found = []
    for arguments, outcomes, truth in zip(probes(function, seed), answered, truths(function, seed), strict=True):
        answer, *after, again, at_last = outcomes
        if not is_right(function, answer, truth[0], arguments):
            found.append(f"value: {answer} for {arguments}, not {truth[0]}")
        found += [
            f"argument: {name}" for name, held in zip(arguments, after, strict=True) if moved(arguments[name], held)
        ]
        if not alike(answer, again):
            found.append("not repeatable")
        if isinstance(answer, Returned) and not alike(answer, at_last):
            found.append("an earlier result changed")
    return found


def moved(before: Any, after: Outcome) -> bool:
    """Whether an array holds other values than before; rounding on the way there and back is no change."""
    if not isinstance(before, np.ndarray) or not isinstance(after, Returned):
        return False
    return bool(np.max(np.abs(after.value - before), initial=0.0) > 1e-9)


def alike(one: Outcome, other: Outcome) -> bool:
    """Two answers that a diagnosis can't tell apart."""
    if isinstance(one, Raised) or isinstance(other, Raised):
        return isinstance(one, Raised) and isinstance(other, Raised) and one.type == other.type
    if not isinstance(one, Returned) or not isinstance(other, Returned):
        return type(one) is type(other)
    return _same(one.value, other.value)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, Stub) and isinstance(other, Stub):
        return one.name == other.name
    if isinstance(one, (tuple, list)) or isinstance(other, (tuple, list)):
        both = isinstance(one, (tuple, list)) and isinstance(other, (tuple, list)) and len(one) == len(other)
        return both and all(map(_same, one, other))
    if not isinstance(one, np.ndarray | np.generic | float) or not isinstance(other, np.ndarray | np.generic | float):
        return type(one) is type(other) and bool(one == other)
    one, other = np.asarray(one), np.asarray(other)
    return one.shape == other.shape and bool(np.allclose(one, other, rtol=1e-6, atol=1e-9, equal_nan=True))


# The claims


def test_there_are_mistakes_of_every_function() -> None:
    assert {variant.function for variant in MISTAKES} == set(FUNCTIONS)
    assert len(MISTAKES) >= 60


def test_there_are_right_styles_of_every_function() -> None:
    assert {variant.function for variant in RIGHTS} == set(FUNCTIONS)
    assert len(RIGHTS) >= 15


@pytest.mark.parametrize("seed", range(3))
@variants(RIGHTS)
def test_a_right_style_is_right_on_everything_promised(variant: Variant, seed: int) -> None:
    assert faults(variant, seed) == []


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_reference_is_right_in_its_behaviour_too(function: str, seed: int) -> None:
    assert faults(Variant("right", function, "itself", REFERENCE.functions[function]), seed) == []


@variants(MISTAKES)
def test_a_mistake_is_wrong_on_something_promised(variant: Variant) -> None:
    assert faults(variant, 0, mistaken(variant.function)[variant]) != []


def same_answers(one: list[tuple[Outcome, ...]], other: list[tuple[Outcome, ...]]) -> bool:
    return all(all(map(alike, a, b)) for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_two_mistakes_give_the_same_answers(function: str) -> None:
    pairs = itertools.combinations(mistaken(function).items(), 2)
    assert [(one.name, other.name) for (one, a), (other, b) in pairs if same_answers(a, b)] == []


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_name_stands_for_one_mistake_of_a_function(function: str) -> None:
    names = [variant.name for variant in REFERENCE.of("mistake", function)]
    assert len(set(names)) == len(names)


@variants(MISTAKES)
def test_a_mistake_reads_well_in_a_report(variant: Variant) -> None:
    """The name goes on after "your answers agree with:"; the hint is a sentence or a question."""
    assert not variant.name.endswith((".", "?"))
    assert variant.hint.endswith((".", "?"))
    assert 0 <= variant.credit < 1


TRIVIAL: dict[str, Callable[[Any, Any], Any]] = {
    "zeros": lambda want, first: _each(want, np.zeros_like),
    "ones": lambda want, first: _each(want, np.ones_like),
    "the argument": lambda want, first: first,
    "True": lambda want, first: True,
    "None": lambda want, first: None,
}


def _each(value: Any, change: Any) -> Any:
    return type(value)(_each(v, change) for v in value) if isinstance(value, tuple) else change(np.asarray(value))


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("trivial", TRIVIAL)
def test_nothing_trivial_commits_a_mistake_that_earns_something(function: str, trivial: str) -> None:
    reference = REFERENCE.functions[function]

    def lazy(**arguments: Any) -> Any:
        return TRIVIAL[trivial](reference(**arguments), next(iter(arguments.values())))

    given = answers(function, lazy, 0)
    for variant, answered in mistaken(function).items():
        assert variant.credit == 0 or not same_answers(given, answered), variant.name
