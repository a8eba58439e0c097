"""What right helpers have answered: the functions of a class call them with the very same arrays, again and again."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

#: Of calls and of what came of them; a class needs no more memory with many submissions than with a few.
MOST_BYTES = 16 << 20
#: A larger call or answer is hardly ever asked twice, and would push out many small ones.
MOST_BYTES_EACH = 64 << 10
#: What it takes to keep one, however short it is.
_RECORD_BYTES = 1024
#: Exceptions that tell of the process, and of what was asked of it before, and nothing of the call: one submission
#: would pass them on to the next.
OF_THE_PROCESS = frozenset({"MemoryError", "RecursionError"})


class KnownAnswer(msgspec.Struct, frozen=True):
    """What came of a call, and all that has to be counted when it is made again."""

    name: str  #: of the helper
    weight: int  #: of the call's arguments, as a `Tally` counts them
    entries: int = 0  #: of the arguments, as a `Meter` counts them
    answer: bytes = b""  #: as it is sent
    answer_entries: int = 0  #: of a value, as a `Meter` counts them; an exception has none


class HelperAnswers:
    """Values and exceptions by the bytes of the call. How a call ended otherwise is never kept.

    The bytes are those that a submission's process said. They were taken apart once, before anything was kept under
    them: whoever says the same thing in other bytes isn't found.

    Args:
        changing: helpers whose answers hang on more than their arguments; theirs are not kept.
    """

    def __init__(self, changing: Collection[str] = ()) -> None:
        self._changing = frozenset(changing)
        self._known: dict[bytes, KnownAnswer] = {}
        self._bytes = 0

    def find(self, call: bytes) -> KnownAnswer | None:
        """What came of the call before, as `keep` was told; None where that isn't known."""
        return self._known.get(call)

    def keep(self, call: bytes, known: KnownAnswer, raised: str = "") -> None:
        """Keep what came of a call.

        Args:
            call: as it was said, with the helper's name in it.
            raised: the type of the exception that came of it.
        """
        if raised in OF_THE_PROCESS:
            return
        weight = len(call) + len(known.answer) + _RECORD_BYTES
        if known.name in self._changing or weight > MOST_BYTES_EACH or call in self._known:
            return
        if self._bytes + weight > MOST_BYTES:
            self._known.clear()
            self._bytes = 0
        self._known[call] = known
        self._bytes += weight
