"""A call that notes what its variables hold after each line.

This module's text goes into a child as a stub, and runs there; for the reference it runs here. So it imports nothing of
ours. What it notes is bounded: in events, seconds, entries of a value and entries in all.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import numpy as np

MOST_EVENTS, MOST_SECONDS = 20_000, 0.5
MOST_ENTRIES, MOST_IN_ALL, MOST_NOTES = 4_096, 100_000, 500
MOST_HELD = 500_000  # entries of all values that are kept meanwhile
MOST_NAMES = 60  # of one frame that are looked at
MOST_RESULTS = 20
MOST_KEPT = 50  # values of one variable at one line


def trace(modules: list[str], whole: bool, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
    """What variables got, in the order of time: lists of module, function, line, name and value, a number or an array.

    Behind them stand the numbers and arrays that the call gave back, in line 0.

    Args:
        modules: names of those whose functions are looked at.
        whole: whether more than the last value counts where a line runs again, and what inner calls are given.
        function: what is called with the other arguments. That it raises ends what is noted.
    """
    notes = _Notes(frozenset(modules), whole)
    before, results = sys.gettrace(), []
    sys.settrace(notes.begin)
    try:
        results = _results(function(*args, **kwargs))
    except (Exception, SystemExit):  # noqa: BLE001 - until then it went well
        pass
    finally:
        sys.settrace(before)
    return [*notes.listed(), *(["", "", 0, "returned", value] for value in results)]


def _results(value: Any) -> list[Any]:
    """The numbers and arrays of a result that may be a tuple or a dict of them."""
    values = value if type(value) is tuple else value.values() if type(value) is dict else (value,)
    return [plain for each in list(values)[:MOST_RESULTS] if (plain := _plain(each)) is not None]


class _Notes:
    """What is noted of one call."""

    def __init__(self, modules: frozenset[str], whole: bool) -> None:
        self._modules = modules
        self._kept = MOST_KEPT if whole else 1
        self._whole = whole
        self._calls = 0
        self._events = 0
        self._ends = time.perf_counter() + MOST_SECONDS
        self._number = 0
        self._entries = 0
        self._found: dict[tuple[str, str, int, str], list[tuple[int, Any]]] = {}

    def begin(self, frame: FrameType, event: str, _: Any) -> Callable[[FrameType, str, Any], Any] | None:
        """What looks at a frame from now on; None for those of other modules."""
        code = frame.f_code
        if event != "call" or code.co_name.startswith("<") or frame.f_globals.get("__name__") not in self._modules:
            return None
        if code.co_filename != frame.f_globals.get("__file__"):  # made by exec: its lines are none of the file's
            return None
        self._calls += 1
        return _Frame(self, frame, self._whole and self._calls > 1).look

    def has_room(self) -> bool:
        """Whether more may be looked at. Counts the question."""
        self._events += 1
        is_small = self._events <= MOST_EVENTS and self._entries <= MOST_HELD
        return is_small and time.perf_counter() < self._ends

    def note(self, place: tuple[str, str, int, str], value: Any) -> None:
        values = self._found.setdefault(place, [])
        values.append((self._number, value))
        self._number += 1
        self._entries += np.size(value)
        while len(values) > self._kept:
            self._entries -= np.size(values.pop(0)[1])

    def listed(self) -> list[list[Any]]:
        """The last ones, as far as there is room."""
        every = sorted(
            ((number, place, value) for place, values in self._found.items() for number, value in values),
            key=lambda each: -each[0],
        )
        told: list[list[Any]] = []
        room = MOST_IN_ALL
        for _, place, value in every[:MOST_NOTES]:
            room -= np.size(value)
            if room >= 0:
                told.append([*place, value])
        return told[::-1]


class _Frame:
    """One call of one function: what its variables held when it was looked at last."""

    def __init__(self, notes: _Notes, frame: FrameType, is_told_all: bool) -> None:
        self._notes = notes
        self._module = str(frame.f_globals.get("__name__"))
        self._name = frame.f_code.co_name
        self._line = frame.f_lineno
        self._held: dict[str, Any] = {} if is_told_all else dict(_plain_locals(frame))

    def look(self, frame: FrameType, event: str, _: Any) -> Any:
        """Called before each line, and at the end."""
        if not self._notes.has_room():
            sys.settrace(None)
            return None
        if event in ("line", "return"):
            for name, value in _plain_locals(frame):
                if name not in self._held or not _is_same(self._held[name], value):
                    self._held[name] = value
                    self._notes.note((self._module, self._name, self._line, name), value)
            self._line = frame.f_lineno
        return self.look


def _plain_locals(frame: FrameType) -> Iterator[tuple[str, Any]]:
    """Names and copies of all numbers and arrays of numbers."""
    for name, value in list(frame.f_locals.items())[:MOST_NAMES]:
        plain = _plain(value)
        if plain is not None:
            yield name, plain


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind in (int, float) or (isinstance(value, np.generic) and value.dtype.kind in "iuf"):
        return float(value) if kind is not int or abs(value) < 1 << 53 else None
    if kind in (list, tuple):
        value = _from_list(value)
    if isinstance(value, np.ndarray) and value.dtype.kind in "iuf" and value.size <= MOST_ENTRIES:
        return np.array(value, dtype=np.float64, subok=False)
    return None


def _from_list(value: Any) -> Any:
    """An array of a list of numbers, or of lists of them; None for all else."""
    rows = [item if type(item) in (list, tuple) else (item,) for item in value[: MOST_ENTRIES + 1]]
    if not rows or sum(map(len, rows)) > MOST_ENTRIES or len({len(row) for row in rows}) > 1:
        return None
    if not all(type(item) in (int, float) or isinstance(item, np.floating) for row in rows for item in row):
        return None
    return np.array(value, dtype=np.float64)


def _is_same(before: Any, now: Any) -> bool:
    return np.shape(before) == np.shape(now) and bool(np.array_equal(before, now, equal_nan=True))
