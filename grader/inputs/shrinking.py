"""Draw inputs that a person can follow: round numbers, and rounder ones on request.

Shrinking works on what was drawn, not on the arguments made of it: a changed draw goes through the rubric's expressions
again, so a one-hot row stays one, and probabilities go on adding up to one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
import numpy as np

from grader.inputs.draws import Choice, Draw, Draws
from grader.reference import Reference
from grader.worker.shared.steps import OutsideStub, Stub


class SimpleDraws(Draws):
    """Draws in round numbers and keeps a tape of what it drew.

    Args:
        replay: gives these in place of new draws, as long as they last.
        is_round: whether new draws become round numbers.
    """

    def __init__(
        self,
        generator: np.random.Generator,
        reference: Reference,
        replay: Sequence[Choice] = (),
        is_round: bool = True,
    ) -> None:
        super().__init__(generator, reference)
        self._replay = tuple(replay)
        self._is_round = is_round
        self.tape: list[Choice] = []
        self.tries = 0

    def begin(self) -> None:
        """A new try starts a new tape; what was to be replayed is replayed once."""
        self.tries += 1
        self.tape.clear()
        if self.tries > 1:
            self._replay = ()

    def _draw(self, draw: Draw, /, *args: Any, **words: Any) -> Any:
        if not draw.is_new_each_time:
            return super()._draw(draw, *args, **words)
        drawn = draw.choose(self.generator, *args, **words)
        value = self._keep(drawn)
        if isinstance(drawn.value, np.ndarray):
            return np.array(value)
        return value.item() if isinstance(value, np.ndarray) else value

    def _keep(self, drawn: Choice) -> Any:
        if len(self.tape) < len(self._replay):
            drawn = self._replay[len(self.tape)]
        elif drawn.step and self._is_round:
            drawn = msgspec.structs.replace(drawn, value=drawn.round_to(drawn.step))
        self.tape.append(drawn)
        return drawn.value


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
    numbers = numbers_in(values)
    return len(numbers), sum(len(f"{number:g}") for number in numbers)


def numbers_in(values: Iterable[Any]) -> list[float]:
    """All numbers of arguments, those of functions with data too."""
    return [number for value in values for number in _numbers(value)]


def _numbers(value: Any) -> list[float]:
    if isinstance(value, OutsideStub):
        return _numbers(value.stub)
    if isinstance(value, Stub):
        return [number for item in value.data.values() for number in _numbers(item)]
    if isinstance(value, (tuple, list)):
        return [number for item in value for number in _numbers(item)]
    array = np.asarray(value) if isinstance(value, (np.ndarray, np.generic, int, float)) else np.empty(0)
    return array.ravel().tolist() if array.dtype.kind in "iuf" else []
