"""How much the right versions of a function's helpers answer within one question: counted here, whatever they remember.

Whoever may ask a right function as often as he likes gets its derivatives, too. So the numbers that go into such calls
and come out of them are counted, for each question over all helpers together.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
import numpy as np

from grader.worker.shared.tables import Table


class HelperAllowance(msgspec.Struct, frozen=True):
    """For one question: how many steps it has, and how many entries may go into its calls of helpers and come back."""

    steps: int
    entries: float


class Meter:
    """Counts the entries of helper calls, question by question. Without allowances there is no bound."""

    def __init__(self, allowances: Iterable[HelperAllowance] = ()) -> None:
        self._questions = [(number, each) for number, each in enumerate(allowances) for _ in range(each.steps)]
        self._step = 0
        self._used: dict[int, int] = {}
        self.refused: set[int] = set()  #: the steps in which a call was refused

    def advance(self) -> None:
        """The step that was waited for is answered."""
        self._step += 1

    def count(self, entries: int) -> float | None:
        """Count so many entries; the question's allowance where it is used up by them, None where it isn't."""
        if self._step >= len(self._questions):
            return None
        number, allowance = self._questions[self._step]
        self._used[number] = self._used.get(number, 0) + entries
        return allowance.entries if self._used[number] > allowance.entries else None

    def refuse(self) -> None:
        """Remember that a call of the current step was refused."""
        self.refused.add(self._step)


def count_entries(value: Any) -> int:
    """The entries of all arrays in a plain value; anything else that isn't made of parts is one."""
    if isinstance(value, np.ndarray):
        return max(1, value.size)
    if isinstance(value, Table):
        return count_entries(value.parts)
    if isinstance(value, dict):
        return sum(map(count_entries, value.values()))
    if isinstance(value, (list, tuple)):
        return sum(map(count_entries, value))
    return 1
