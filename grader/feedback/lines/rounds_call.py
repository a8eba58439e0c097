"""A call that is given a number of steps, and little time, and tells which lines ran last where they don't suffice.

This module's text goes into a child as a stub, and runs there. So it imports nothing of ours.
"""

from __future__ import annotations

import io
import sys
import time
from collections import deque
from collections.abc import Callable
from types import FrameType
from typing import Any

MOST_STEPS, MOST_SECONDS, MOST_TOLD = 5_000, 0.1, 500


class _EnoughError(BaseException):
    """All steps, or the time for them, were used up."""


def watch(modules: list[str], function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> list[Any]:
    """How a call ended, and the last lines that ran: "enough", "memory" or "ended", then pairs of module and line.

    Args:
        modules: names of those whose lines are counted.
        function: what is called with the other arguments.
    """
    steps = _Steps(frozenset(modules))
    before, printing, how = sys.gettrace(), sys.stdout, "ended"
    sys.stdout = _Nowhere()  # what it prints would end it sooner
    sys.settrace(steps.begin)
    try:
        function(*args, **kwargs)
    except _EnoughError:
        how = "enough"
    except MemoryError:
        how = "memory"
    except (Exception, SystemExit):  # noqa: BLE001 - then it came to an end
        pass
    finally:
        sys.settrace(before)
        sys.stdout = printing
    return [how, *map(list, steps.last)]


class _Nowhere(io.TextIOBase):
    """Takes whatever is printed."""

    def write(self, text: str) -> int:
        return len(text)


class _Steps:
    """The steps of one call."""

    def __init__(self, modules: frozenset[str]) -> None:
        self._modules = modules
        self._left = MOST_STEPS
        self._ends = time.process_time() + MOST_SECONDS
        self.last: deque[tuple[str, int]] = deque(maxlen=MOST_TOLD)

    def begin(self, frame: FrameType, event: str, _: Any) -> Callable[[FrameType, str, Any], Any] | None:
        """What looks at a frame from now on; None for those of other modules."""
        is_own = event == "call" and frame.f_globals.get("__name__") in self._modules
        is_in_file = frame.f_code.co_filename == frame.f_globals.get("__file__")  # else it was made by exec
        return self.look if is_own and is_in_file else None

    def look(self, frame: FrameType, event: str, _: Any) -> Any:
        """Called before each line. Raises _EnoughError within the code once the steps or the time are used up."""
        if event == "line":
            self.last.append((frame.f_globals["__name__"], frame.f_lineno))
            self._left -= 1
            if self._left < 0 or time.process_time() > self._ends:
                raise _EnoughError
        return self.look
