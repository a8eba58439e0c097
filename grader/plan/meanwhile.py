"""Do something in a thread while this one goes on: worth it for what waits for another process, or fills waiting."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Generic, Self, TypeVar

T = TypeVar("T")


class Meanwhile(Generic[T]):
    """Begins at once. As a context manager it undoes what was done, if this thread fails over something else.

    Args:
        do: runs in the thread.
        undo: gets what came of it.
    """

    def __init__(self, do: Callable[[], T], undo: Callable[[T], object] = lambda _: None) -> None:
        self._do = do
        self._undo = undo
        self._found: list[T] = []
        self._problem: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._found.append(self._do())
        except BaseException as problem:  # noqa: BLE001 - raised where the result is asked for
            self._problem = problem

    def result(self) -> T:
        """What came of it; waits for it. Raises what it raised."""
        self._thread.join()
        if self._problem is not None:
            raise self._problem
        return self._found[0]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, problem: object, trace: TracebackType | None) -> None:
        if kind is not None:
            self._thread.join()
            for each in self._found:
                self._undo(each)
