"""Which check catches which wrong solution: the kill matrix, and what follows from it."""

from __future__ import annotations

from typing import Literal

import msgspec

MatrixColumn = tuple[str, str]  # function, title


class Wrong(msgspec.Struct, frozen=True):
    """A wrong solution of one function, or of several that one change reaches."""

    kind: Literal["mistake", "mutant", "trivial"]
    function: str
    name: str  #: a mistake's name, "zeros", or a change's number
    caught_by: tuple[MatrixColumn, ...]
    caught: bool  #: whether it loses points
    diff: str = ""
    equivalent: str = ""  #: the reason why no input can tell it from the reference
    telling: dict[str, str] = {}  #: inputs that would tell a survivor apart, by argument
    searched: bool = False  #: whether such inputs were looked for


class Right(msgspec.Struct, frozen=True):
    """A right solution of one function."""

    kind: Literal["convention", "right", "rewrite"]
    function: str
    name: str
    lost: str = ""  #: what it loses, in a sentence; empty where nothing


class Matrix(msgspec.Struct, frozen=True):
    """All wrong solutions and the checks that caught them."""

    checks: tuple[MatrixColumn, ...]  #: those that have points, in the rubric's order
    wrong: tuple[Wrong, ...]

    @property
    def survivors(self) -> tuple[Wrong, ...]:
        """Wrong solutions that keep every point, those marked equivalent left out."""
        return tuple(each for each in self.wrong if not each.caught and not each.equivalent)

    def counts(self) -> dict[MatrixColumn, int]:
        """How many wrong solutions each check catches."""
        found = dict.fromkeys(self.checks, 0)
        for each in self.wrong:
            for check in each.caught_by:
                found[check] = found.get(check, 0) + 1
        return found

    def alone(self) -> dict[MatrixColumn, int]:
        """How many wrong solutions each check is the only one to catch."""
        found = dict.fromkeys(self.checks, 0)
        for each in self.wrong:
            if len(each.caught_by) == 1:
                found[each.caught_by[0]] = found.get(each.caught_by[0], 0) + 1
        return found

    def never_alone(self) -> tuple[MatrixColumn, ...]:
        """Checks without which every wrong solution would be caught all the same: each by itself could go."""
        return tuple(check for check, count in self.alone().items() if not count)

    def smallest(self) -> tuple[MatrixColumn, ...]:
        """Few checks that catch all that all checks catch, chosen greedily: the smallest set may be smaller still."""
        left = [set(each.caught_by) for each in self.wrong if each.caught_by]
        chosen: list[MatrixColumn] = []
        while left:
            best = max(
                self.checks, key=lambda check: (sum(check in found for found in left), -self.checks.index(check))
            )
            if not any(best in found for found in left):
                break
            chosen.append(best)
            left = [found for found in left if best not in found]
        return tuple(check for check in self.checks if check in chosen)
