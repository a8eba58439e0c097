"""Draw arguments from the rubric's expressions and sizes.

Each question has a random generator of its own, seeded by the run's seed and the question's address, so that a
check added to a rubric leaves the draws of all others as they were.

DRAWS lists the drawing functions: a new one is a function and a row there.
"""

from __future__ import annotations

import ast
import inspect
import math
import secrets
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import Any

import msgspec
import numpy as np

from grader.errors import RubricError
from grader.inputs.objects import ObjectArgument, SeededGenerator
from grader.reference import Reference
from grader.rubric.expression import CONSTANTS, Expression, ExpressionError, evaluate, find_calls
from grader.rubric.model import (
    Argument,
    Check,
    Container,
    Inputs,
    LiteralValue,
    RequiredFunction,
    Rubric,
    expressions_in,
)
from grader.worker.shared.interpreter import copy_value
from grader.worker.shared.steps import OutsideStub, Stub
from grader.worker.shared.tables import flatten, is_table

Floats = np.ndarray[Any, np.dtype[np.float64]]
Generator = np.random.Generator

#: Changes whenever the same seed draws other inputs: a stored grade of another version is replayed on other questions.
DRAWS_VERSION = 2
#: Of normal numbers, in deviations.
_FARTHEST = 2.5
#: How often inputs are drawn again until a rubric's `where` holds.
MOST_TRIES = 1000
#: About so many round numbers lie in the range of a draw.
_COARSE = 12


# -- what a draw is ------------------------------------------------------------------------------------------------


class Choice(msgspec.Struct, frozen=True):
    """What one call of a drawing function gave, and the range from which it came."""

    value: Any
    low: float = 0.0
    high: float = 0.0

    @property
    def step(self) -> float:
        """The distance of two round numbers of this range: a power of ten; 0 where it isn't a draw of floats."""
        return 10.0 ** math.floor(math.log10((self.high - self.low) / _COARSE)) if self.high > self.low else 0.0

    def round_to(self, step: float) -> Floats:
        """The value in whole steps, within its range and never zero: zeros hide what goes wrong."""
        least, most = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        counts = np.clip(np.round(np.asarray(self.value) / step), least, most)
        nearest = 1 if most >= 1 else -1
        counts = np.where(counts == 0, nearest, counts) if least <= nearest <= most else counts
        return np.asarray(np.round(counts * step, max(0, -math.floor(math.log10(step) + 0.5))))


class Draw(msgspec.Struct, frozen=True):
    """A drawing function of rubrics: all that is said of it anywhere."""

    #: On a generator and what the rubric gives it: sizes, bounds, keywords. With `from_source`, on a stub.
    function: Callable[..., Any]
    #: The same for counterexamples, as a Choice: with its range, in which numbers are made round, or round by itself.
    #: Without it what `function` draws is simple enough.
    simple: Callable[..., Choice] | None = None
    is_new_each_time: bool = True  #: so that an answer can't be known beforehand
    #: Whether the rubric gives it the name of a function or class of the reference, and data, rather than values.
    from_source: bool = False
    #: The same at the ends of its range, the last of them or not: a question of its own where a check draws so.
    edges: Callable[..., Any] | None = None

    def choose(self, generator: Generator, *args: Any, **words: Any) -> Choice:
        """What it draws for a person to follow."""
        return (self.simple or self._unchanged)(generator, *args, **words)

    def _unchanged(self, generator: Generator, *args: Any, **words: Any) -> Choice:
        return Choice(self.function(generator, *args, **words))


# -- the drawing functions -----------------------------------------------------------------------------------------


def normal(generator: Generator, *shape: int, mean: float = 0.0, scale: float = 1.0) -> Any:
    """Normal numbers within 2.5 deviations: those beyond are drawn anew. Without a shape a single number."""
    drawn = np.asarray(generator.standard_normal(shape))
    while (far := np.abs(drawn) > _FARTHEST).any():
        drawn = np.where(far, generator.standard_normal(shape), drawn)
    found = np.asarray(drawn * scale + mean)
    return found if shape else found[()]  # an array without axes would change where a student adds to it


def _simple_normal(generator: Generator, *shape: int, mean: float = 0.0, scale: float = 1.0) -> Choice:
    return Choice(normal(generator, *shape, mean=mean, scale=scale), mean - _FARTHEST * scale, mean + _FARTHEST * scale)


def uniform(generator: Generator, low: float, high: float, *shape: int) -> Any:
    """Numbers between two bounds; without a shape a single number."""
    return generator.uniform(low, high, shape or None)


def _simple_uniform(generator: Generator, low: float, high: float, *shape: int) -> Choice:
    return Choice(uniform(generator, low, high, *shape), low, high)


def integers(generator: Generator, low: int, high: int, *shape: int) -> Any:
    """Whole numbers from `low` up to and without `high`."""
    return generator.integers(low, high, shape or None)


def integers_at_edges(generator: Generator, last: bool, low: int, high: int, *shape: int) -> Any:
    """The first and the last whole number, and one of them twice, in any order; alone, the first or the last."""
    drawn = np.asarray(generator.integers(low, high, shape or None))
    if not shape:
        return high - 1 if last else low
    ends = [low, high - 1, high - 1 if last else low][: drawn.size]
    flat = np.concatenate([ends, drawn.ravel()[len(ends) :]]).astype(drawn.dtype)
    return generator.permutation(flat).reshape(drawn.shape)


def permutation(generator: Generator, count: int) -> Any:
    """The numbers from 0 up to and without `count`, in any order."""
    return generator.permutation(count)


def one_hot(generator: Generator, *shape: int) -> Floats:
    """Rows of zeros with a single one each; neighbouring rows differ where there is room."""
    *rows, width = shape
    first, step = generator.integers(0, width), generator.integers(1, max(width, 2))
    classes = (first + step * np.arange(math.prod(map(int, rows)))) % width
    return np.asarray(np.eye(width)[classes].reshape(shape))


def probabilities(generator: Generator, *shape: int, least: float = 0.0) -> Floats:
    """Rows that sum to one, with no entry below `least`."""
    *rows, width = shape
    drawn = generator.dirichlet(np.ones(width), tuple(rows) or None)
    return np.asarray(least + (1.0 - width * least) * drawn)


def _simple_probabilities(generator: Generator, *shape: int, least: float = 0.0) -> Choice:
    """In hundredths, where they are enough for all of a row."""
    drawn, each = probabilities(generator, *shape), math.ceil(100 * least - 1e-9)
    free = 100 - each * shape[-1]
    if free < 0:
        return Choice(least + (1.0 - shape[-1] * least) * drawn)
    hundredths = np.floor(free * drawn)
    largest = np.arange(shape[-1]) == np.argmax(drawn, axis=-1)[..., None]
    hundredths += largest * (free - hundredths.sum(axis=-1, keepdims=True))
    return Choice((each + hundredths) / 100)


def text(generator: Generator, length: int, letters: str = "abcdefghijklmnopqrstuvwxyz") -> str:
    """A word of so many letters."""
    return "".join(letters[at] for at in generator.integers(0, len(letters), int(length)))


def rng(_: Generator, seed: int) -> SeededGenerator:
    """A generator that a student gets in its first state, whatever the reference has drawn from it."""
    return SeededGenerator(int(seed))


#: By the name that a rubric calls it.
DRAWS: dict[str, Draw] = {
    "normal": Draw(normal, _simple_normal),
    "uniform": Draw(uniform, _simple_uniform),
    "integers": Draw(integers, edges=integers_at_edges),
    "one_hot": Draw(one_hot),
    "probabilities": Draw(probabilities, _simple_probabilities),
    "permutation": Draw(permutation),
    "text": Draw(text),
    "rng": Draw(rng, is_new_each_time=False),
    # `stub(bowl, curve=c)` is a function of the reference as an argument, `object(Tokens, order=o)` what a call makes.
    "stub": Draw(lambda stub: stub, from_source=True),
    # The same, answered from outside of the student's process: `outside(bowl, curve=c)`.
    "outside": Draw(lambda stub: OutsideStub(secrets.token_hex(8), stub), from_source=True),
    "object": Draw(ObjectArgument, from_source=True),
}


def new_each_time() -> frozenset[str]:
    """The names of those that draw anew for each run."""
    return frozenset(name for name, draw in DRAWS.items() if draw.is_new_each_time)


def drawn_numbers() -> frozenset[str]:
    """The names of those that draw numbers or text themselves: a function with data has only what it is given."""
    return frozenset(name for name, draw in DRAWS.items() if draw.is_new_each_time and not draw.from_source)


class Draws:
    """The drawing functions of a rubric, on one generator."""

    def __init__(self, generator: Generator, reference: Reference) -> None:
        self.generator = generator
        self.reference = reference

    def begin(self) -> None:
        """A new try: what was drawn before is drawn again."""

    def names(self) -> dict[str, Callable[..., Any]]:
        """Those that take values, as an expression calls them."""
        return {name: partial(self._draw, draw) for name, draw in DRAWS.items() if not draw.from_source}

    def _draw(self, draw: Draw, /, *args: Any, **words: Any) -> Any:
        try:
            return draw.function(self.generator, *args, **words)
        except (TypeError, ValueError) as error:
            kind = TypeError if isinstance(error, TypeError) else ValueError
            raise kind(f"{error}; write {_form(draw)}") from error


def _form(draw: Draw) -> str:
    """How a draw is called: "uniform(low, high, N, D)"."""
    parameters = list(inspect.signature(draw.function).parameters.values())[1:]
    names = ("N, D" if each.kind is each.VAR_POSITIONAL else str(each).partition(":")[0] for each in parameters)
    return f"{draw.function.__name__}({', '.join(names)})"


class EdgeDraws(Draws):
    """Draws at the ends of their range, where they have any.

    Args:
        last: whether a single number is the last one, rather than the first.
    """

    def __init__(self, generator: Generator, reference: Reference, last: bool) -> None:
        super().__init__(generator, reference)
        self.last = last

    def _draw(self, draw: Draw, /, *args: Any, **words: Any) -> Any:
        if draw.edges is None:
            return super()._draw(draw, *args, **words)
        return draw.edges(self.generator, self.last, *args, **words)


# -- cases ---------------------------------------------------------------------------------------------------------


class NeverHoldsError(RubricError):
    """A rubric's `where` holds of no inputs."""


class Case(msgspec.Struct, frozen=True, dict=True):
    """The inputs of one question, and how a person would name it."""

    label: str  #: "different (N=4, Dx=5, H=3)", "case 2"
    names: dict[str, Any]  #: every name that an expression of this question may use
    arguments: tuple[str, ...]  #: those of them that are passed, in order
    later: dict[str, Any] = {}  #: the arguments of a later call, where the check makes one
    sizes: dict[str, int] = {}  #: those that the arguments were drawn with: N, Dx

    @property
    def values(self) -> tuple[Any, ...]:
        """The arguments, in order."""
        return tuple(self.names[name] for name in self.arguments)

    @cached_property
    def shapes(self) -> dict[int, tuple[object, tuple[tuple[int, ...], ...]]]:
        """What rules for shapes say here, by the rules' identity, with the rules: worked out once."""
        return {}


def draw_cases(
    rubric: Rubric, function: RequiredFunction, check: Check, reference: Reference, seed: int, edges: bool = False
) -> tuple[Case, ...]:
    """The questions of a check: at each of its sizes and forms, or one for each of its cases, so many times.

    Args:
        edges: whether one more is due where whole numbers are drawn: the ends of their range, and a repeat.

    Raises:
        RubricError: an input's expression fails, or `where` never holds.
    """
    settings = list(_settings(rubric, function, check))
    found = []
    for label, dimensions, overrides in settings:
        generator = np.random.default_rng((seed, *_address(function, check, label)))
        found.append(draw_case(function, check, dimensions, overrides, label, Draws(generator, reference)))
    _check_granted(rubric, function, found)
    if edges and not check.cases:
        _, dimensions, overrides = settings[0]
        found += _draw_edges(function, check, dimensions, overrides, reference, seed)
    return tuple(found)


def _check_granted(rubric: Rubric, function: RequiredFunction, cases: Sequence[Case]) -> None:
    """Raises RubricError for arguments of a package that submissions may not import: no child could make them."""
    for case in cases:
        for name, value in zip(case.arguments, case.values, strict=True):
            home = type(value).__module__.partition(".")[0]
            if is_table(value) and home not in rubric.packages:
                text = (
                    f"{name} is an object of {home}: say packages: [numpy, {home}], so that submissions may import it"
                )
                raise RubricError([function.place.flaw(text)])


def _settings(
    rubric: Rubric, function: RequiredFunction, check: Check
) -> Iterator[tuple[str, Mapping[str, int], Inputs]]:
    """(label, dimensions, arguments that differ from the function's) of each question."""
    for label, dimensions, overrides in _settings_once(rubric, function, check):
        for time in range(1, check.times + 1):
            yield f"{label}, draw {time}" if time > 1 else label, dimensions, overrides


def _settings_once(
    rubric: Rubric, function: RequiredFunction, check: Check
) -> list[tuple[str, Mapping[str, int], Inputs]]:
    at = check.at or function.at or tuple(rubric.sizes) or ("",)
    if check.cases:
        dimensions = rubric.sizes.get(at[0], {})
        return [(f"case {i}", dimensions, {**check.given, **case}) for i, case in enumerate(check.cases, 1)]
    return [
        (f"{form} {size}".strip(), rubric.sizes.get(size, {}), {**function.forms.get(form, {}), **check.given})
        for form in check.forms
        for size in at
    ]


def _draw_edges(
    function: RequiredFunction,
    check: Check,
    dimensions: Mapping[str, int],
    overrides: Inputs,
    reference: Reference,
    seed: int,
) -> Iterator[Case]:
    """The ends of the range of whole numbers, where a check draws any and `where` lets them be."""
    edged = frozenset(name for name, draw in DRAWS.items() if draw.edges is not None)
    wanted = {**function.let, **function.arguments, **overrides, **check.draw}
    calls = [call for value in wanted.values() for e in expressions_in(value) for call in find_calls(e.tree, edged)]
    alone = any(len(call.args) < 3 for call in calls)
    for label, last in (("edges", False), ("last", True))[: 2 if alone else 1] if calls else ():
        generator = np.random.default_rng((seed, *_address(function, check, label)))
        try:
            yield draw_case(function, check, dimensions, overrides, label, EdgeDraws(generator, reference, last))
        except NeverHoldsError:
            continue


def _address(function: RequiredFunction, check: Check, label: str) -> tuple[int, ...]:
    """The check's title and the question's label, as numbers for a seed; `unchanged` and `value` draw alike."""
    return tuple(zlib.crc32(text.encode()) for text in (function.name, f"{check.kind}: {check.title}", label))


def draw_case(
    function: RequiredFunction, check: Check, dimensions: Mapping[str, int], overrides: Inputs, label: str, draws: Draws
) -> Case:
    """One question's inputs: the function's own arguments but for the overrides, drawn until `where` holds.

    Raises:
        RubricError: an input's expression fails, or `where` never holds.
    """
    reference = draws.reference
    wanted = {**function.let, **function.arguments, **overrides, **check.draw}
    for _ in range(MOST_TRIES):
        draws.begin()
        names = _draw_until(wanted, dimensions, draws)
        if function.where is None or bool(np.all(_evaluate_expression(function.where, names))):
            said = frozenset[str]().union(*(e.names() for value in wanted.values() for e in expressions_in(value)))
            sizes = {name: size for name, size in dimensions.items() if name in said}
            used = ", ".join(f"{name}={size}" for name, size in sizes.items())
            named = f"{label} ({used})" if used and not check.cases else label
            later = _evaluate_later(check, names, reference)
            _check_sendable(function, wanted, names)
            return Case(named, names, tuple(function.arguments), later, sizes)
    assert function.where is not None
    raise NeverHoldsError([function.where.place.flaw(f"where: never held in {MOST_TRIES} draws of inputs")])


def _check_sendable(function: RequiredFunction, wanted: Inputs, names: Mapping[str, Any]) -> None:
    """Raises RubricError for an argument that no student can be given."""
    for name in function.arguments:
        if not _is_sendable(names[name]):
            place = next((e.place for e in expressions_in(wanted[name])), function.place)
            kind = type(names[name]).__name__
            what = f"an array of {names[name].dtype}" if isinstance(names[name], np.ndarray) else f"a {kind}"
            text = f"{name} is {what}, or holds one; arguments are numbers, text, None, arrays, lists and dicts of them"
            raise RubricError([place.flaw(f"{text}, stub(…), object(…) and rng(…)")])


def _is_sendable(value: Any) -> bool:
    if is_table(value):
        return flatten(value) is not None
    if isinstance(value, (Stub, ObjectArgument, SeededGenerator)) or callable(value):
        return not isinstance(value, type)  # of other functions the call itself says what to write
    if isinstance(value, (list, tuple)):
        return all(map(_is_sendable, value))
    if isinstance(value, dict):
        return all(map(_is_sendable, value.values()))
    if isinstance(value, (np.ndarray, np.generic)):
        return value.dtype.kind in "biufc"
    return value is None or isinstance(value, (bool, int, float, complex, str, bytes))


def _evaluate_later(check: Check, names: dict[str, Any], reference: Reference) -> dict[str, Any]:
    """The arguments of the later call that differ."""
    later = dict(names)
    for key, given in check.later.items():
        set_argument(later, key, evaluate_argument(given, names, reference))
    return {key.partition(".")[0]: later[key.partition(".")[0]] for key in check.later}


def _draw_until(wanted: Inputs, dimensions: Mapping[str, int], draws: Draws) -> dict[str, Any]:
    names: dict[str, Any] = {**draws.reference.functions, **draws.names(), **dimensions}
    for name, given in wanted.items():
        set_argument(names, name, evaluate_argument(given, names, draws.reference))
    return names


def set_argument(names: dict[str, Any], key: str, value: Any) -> None:
    """Give an argument its value, or an entry of it: "param.mode" is `param["mode"]`, of a copy."""
    name, *path = key.split(".")
    if not path:
        names[name] = value
        return
    inner = names[name] = copy_value(names[name])
    for part in path[:-1]:
        inner = inner[part]
    inner[path[-1]] = value


def evaluate_argument(given: Argument, names: Mapping[str, Any], reference: Reference | None = None) -> Any:
    """A literal as it is (nested lists of numbers as a float array), or the value of an expression."""
    if isinstance(given, LiteralValue):
        return _literal(given.value)
    if isinstance(given, Container):
        entries = given.entries
        if isinstance(entries, Mapping):
            return {key: evaluate_argument(entry, names, reference) for key, entry in entries.items()}
        return [evaluate_argument(entry, names, reference) for entry in entries]
    if given.word and (given.text not in {**CONSTANTS, **names} or callable(names.get(given.text))):
        return given.text
    return _evaluate_expression(given, names, reference)


def _literal(value: Any) -> Any:
    if isinstance(value, list):
        array = np.array(value)
        return array.astype(np.float64) if array.dtype.kind in "iuf" else value
    return value


def _evaluate_expression(expression: Expression, names: Mapping[str, Any], reference: Reference | None = None) -> Any:
    def stubs(node: Any) -> Any:
        """The first argument is the name of a function or class of the reference, not its value."""
        draw = DRAWS.get(getattr(getattr(node, "func", None), "id", ""))
        if draw is None or not draw.from_source or reference is None:
            return NotImplemented
        if len(node.args) != 1 or not isinstance(node.args[0], ast.Name):
            raise ExpressionError(f"{ast.unparse(node)!r}: expected: one name of the reference, name=value pairs")
        data = {word.arg: evaluate(word.value, names) for word in node.keywords}
        return draw.function(reference.stub(node.args[0].id, data))

    try:
        return evaluate(expression.tree, names, stubs)
    except ExpressionError as error:
        raise RubricError([expression.place.flaw(str(error))]) from None
