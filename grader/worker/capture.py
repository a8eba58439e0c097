"""Keep what the code prints: bounded, and never on anybody's terminal.

Capturing happens inside the child, so what it keeps is the child's claim, and it is only ever shown as text. The file
descriptors 1 and 2 lead nowhere (the zygote opened them on the null device), so nothing that goes around `sys.stdout`
gets out either.
"""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Callable
from typing import cast

FLOOD_BYTES = 32 << 20


class _Sink(io.RawIOBase):
    """Keeps the head of what is written, counts all of it, and calls `flooded` when it is far too much."""

    def __init__(self, keep: int, flooded: Callable[[], None]) -> None:
        self.kept = bytearray()
        self.count = 0
        self._keep = keep
        self._left = FLOOD_BYTES
        self._flooded = flooded

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        size = memoryview(data).nbytes
        self.count += size
        self._left -= size
        self.kept += data[: max(0, self._keep - len(self.kept))]
        if self._left < 0:
            self._flooded()
        return size


class Capture:
    """Stands in for stdout and stderr from its creation on."""

    def __init__(self, keep: int, flooded: Callable[[], None]) -> None:
        self._sink = _Sink(keep, flooded)
        self._stream = io.TextIOWrapper(
            io.BufferedWriter(cast("io.FileIO", self._sink)), "utf-8", "backslashreplace", newline="\n"
        )
        sys.stdout = sys.stderr = sys.__stdout__ = sys.__stderr__ = self._stream  # type: ignore[misc]
        sys.stdin = sys.__stdin__ = io.StringIO()  # type: ignore[misc, assignment]

    def take(self) -> str:
        """What was printed since the last time, cut; a note says how much is missing."""
        if not self._flush():
            return ""
        sink = self._sink
        text = sink.kept.decode("utf-8", "replace")
        if sink.count > len(sink.kept):
            text += f"\n[{sink.count - len(sink.kept)} bytes more were printed]"
        sink.kept, sink.count = bytearray(), 0
        return text

    def _flush(self) -> bool:
        with contextlib.suppress(ValueError):  # the code closed the stream: then there's nothing more to show
            self._stream.flush()
        return self._sink.count > 0
