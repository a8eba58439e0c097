"""What right helpers have answered: the functions of a class call them with the very same arrays, again and again."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

#: Of calls and of what came of them; a class needs no more memory with many submissions than with a few.
MOST_BYTES = 16 << 20
#: A larger call or answer is hardly ever asked twice, and would push out many small ones.
MOST_BYTES_EACH = 64 << 10
#: Exceptions that tell of the process, and of what was asked of it before, and nothing of the call: one submission
#: would pass them on to the next.
OF_THE_PROCESS = frozenset({"MemoryError", "RecursionError"})


class HelperAnswers:
    """Values and exceptions by the bytes of the call. How a call ended otherwise is never kept.

    Args:
        changing: helpers whose answers hang on more than their arguments; theirs are not kept.
    """

    def __init__(self, changing: Collection[str] = ()) -> None:
        self._changing = frozenset(changing)
        self._known: dict[bytes, tuple[bool, Any]] = {}
        self._bytes = 0

    def find(self, name: str, call: bytes) -> tuple[bool, Any] | None:
        """What came of the call before, as `keep` was told; None where that isn't known."""
        return None if name in self._changing else self._known.get(call)

    def keep(self, name: str, call: bytes, answer: tuple[bool, Any], size: int) -> None:
        """Keep what came of a call.

        Args:
            name: of the helper.
            call: as it was sent, with the helper's name in it.
            answer: whether it went well, and the value or the failure.
            size: bytes that the answer takes.
        """
        went_well, what = answer
        if not went_well and what[0] in OF_THE_PROCESS:
            return
        weight = len(call) + size
        if name in self._changing or weight > MOST_BYTES_EACH or call in self._known:
            return
        if self._bytes + weight > MOST_BYTES:
            self._known.clear()
            self._bytes = 0
        self._known[call] = answer
        self._bytes += weight
