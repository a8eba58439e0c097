"""Work that is done bit by bit, while something else is waited for."""

from __future__ import annotations

from collections.abc import Iterator

from grader.errors import GradeError


class Backlog:
    """What is left to do.

    Args:
        bits: does a little each time that it is asked for more.
    """

    def __init__(self, bits: Iterator[None]) -> None:
        self._bits = bits
        self._problem: GradeError | None = None

    def do_next(self) -> bool:
        """Do a little; whether there was anything. What is wrong with it, `finish` raises."""
        try:
            return next(self._bits, True) is None
        except GradeError as problem:  # whoever waits for a child has nothing to do with it
            self._problem = problem
            return False

    def finish(self) -> None:
        """Do all that is left. Raises what was wrong, each time."""
        while self.do_next():
            pass
        if self._problem is not None:
            raise self._problem
