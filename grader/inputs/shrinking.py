"""Draw inputs that a person can follow: round numbers, and rounder ones on request.

Shrinking works on what was drawn, not on the arguments made of it: a changed draw goes through the rubric's expressions
again, so a one-hot row stays one, and probabilities go on adding up to one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
import numpy as np

from grader.inputs.draws import Draws, Floats
from grader.reference import Reference
from grader.worker.shared.steps import Stub

#: About so many round numbers lie in the range of a draw.
_COARSE = 12


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


class SimpleDraws(Draws):
    """Draws in round numbers and keeps a tape of what it drew.

    Args:
        replay: gives these in place of new draws, as long as they last.
    """

    def __init__(self, generator: np.random.Generator, reference: Reference, replay: Sequence[Choice] = ()) -> None:
        super().__init__(generator, reference)
        self._replay = tuple(replay)
        self.tape: list[Choice] = []
        self.tries = 0

    def begin(self) -> None:
        """A new try starts a new tape; what was to be replayed is replayed once."""
        self.tries += 1
        self.tape.clear()
        if self.tries > 1:
            self._replay = ()

    def _normal(self, *shape: int, mean: float = 0.0, scale: float = 1.0) -> Floats:
        drawn = super()._normal(*shape, mean=mean, scale=scale)
        return np.asarray(self._keep(Choice(drawn, mean - 2.5 * scale, mean + 2.5 * scale)))

    def _uniform(self, low: float, high: float, *shape: int) -> Any:
        value = self._keep(Choice(super()._uniform(low, high, *shape), low, high))
        return np.asarray(value) if shape else float(value)

    def _integers(self, low: int, high: int, *shape: int) -> Any:
        return self._keep(Choice(super()._integers(low, high, *shape)))

    def _permutation(self, count: int) -> Any:
        return self._keep(Choice(super()._permutation(count)))

    def _one_hot(self, *shape: int) -> Floats:
        return np.asarray(self._keep(Choice(super()._one_hot(*shape))))

    def _probabilities(self, *shape: int, least: float = 0.0) -> Floats:
        drawn, each = super()._probabilities(*shape), math.ceil(100 * least - 1e-9)
        free = 100 - each * shape[-1]
        if free < 0:  # too many for hundredths
            return np.asarray(self._keep(Choice(least + (1.0 - shape[-1] * least) * drawn)))
        hundredths = np.floor(free * drawn)
        largest = np.arange(shape[-1]) == np.argmax(drawn, axis=-1)[..., None]
        hundredths += largest * (free - hundredths.sum(axis=-1, keepdims=True))
        return np.asarray(self._keep(Choice((each + hundredths) / 100)))

    def _keep(self, drawn: Choice) -> Any:
        if len(self.tape) < len(self._replay):
            drawn = self._replay[len(self.tape)]
        elif drawn.step:
            drawn = msgspec.structs.replace(drawn, value=drawn.round_to(drawn.step))
        self.tape.append(drawn)
        return np.array(drawn.value) if isinstance(drawn.value, np.ndarray) else drawn.value


def simplify(tape: Sequence[Choice]) -> Iterator[tuple[Choice, ...]]:
    """Tapes like this one with one draw made simpler, the largest changes first: all of an array, then each entry."""
    for place, drawn in enumerate(tape):
        for value in _simpler_values(drawn):
            yield (*tape[:place], msgspec.structs.replace(drawn, value=value), *tape[place + 1 :])


def _simpler_values(drawn: Choice) -> Iterator[Any]:
    if not drawn.step:
        return
    value, ten = np.asarray(drawn.value), 10 * drawn.step
    if not drawn.low <= ten <= drawn.high and not drawn.low <= -ten <= drawn.high:
        return
    round_ = drawn.round_to(ten)
    if not np.array_equal(round_, value):
        yield round_
    for index in np.ndindex(value.shape):
        if value[index] != round_[index] and value.size > 1:
            one = np.array(value)
            one[index] = round_[index]
            yield one


def complexity(values: Iterable[Any]) -> tuple[int, int]:
    """How hard arguments are to follow: how many numbers there are, then the digits that it takes to write them."""
    numbers = [number for value in values for number in _numbers(value)]
    return len(numbers), sum(len(f"{number:g}") for number in numbers)


def _numbers(value: Any) -> list[float]:
    if isinstance(value, Stub):
        return [number for item in value.data.values() for number in _numbers(item)]
    if isinstance(value, (tuple, list)):
        return [number for item in value for number in _numbers(item)]
    array = np.asarray(value) if isinstance(value, (np.ndarray, np.generic, int, float)) else np.empty(0)
    return array.ravel().tolist() if array.dtype.kind in "iuf" else []
