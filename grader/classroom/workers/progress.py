"""Say how far a class is: a bar in a terminal, plain lines in CI, nothing on request. All of it goes to stderr."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import Any, Protocol, TextIO, TypeVar

from grader.report.sanitize import inert

T = TypeVar("T")

_LEAST_SILENCE = 2.0  # seconds between two plain lines
_MOST_SILENCE = 30.0  # lest CI take us for dead


class Watch(Protocol):
    """Whoever is told how the run goes."""

    def say(self, text: str) -> None:
        """A line of news."""

    def each(self, what: str, things: Iterable[T], total: int) -> Iterator[T]:
        """The things as they come, counted."""


def watch(stream: TextIO, quiet: bool) -> Watch:
    """The watch that suits a stream."""
    if quiet:
        return Quiet()
    return Bar(stream) if stream.isatty() else Lines(stream)


class Quiet:
    """Says nothing."""

    def say(self, text: str) -> None:
        """Nothing."""

    def each(self, what: str, things: Iterable[T], total: int) -> Iterator[T]:
        """The things."""
        yield from things


class Lines:
    """A line at every tenth of the way, if that isn't every moment, and at the end."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def say(self, text: str) -> None:
        """A line."""
        print(writable(text, self._stream), file=self._stream, flush=True)

    def each(self, what: str, things: Iterable[T], total: int) -> Iterator[T]:
        """The things, with a line for every tenth of them."""
        started = said_at = time.monotonic()
        tenths = 0
        for count, thing in enumerate(things, 1):
            yield thing
            now = time.monotonic()
            passed = count * 10 // max(total, 1)
            is_due = passed > tenths and now - said_at > _LEAST_SILENCE
            if is_due or count == total or now - said_at > _MOST_SILENCE:
                tenths, said_at = passed, now
                self.say(f"{what}: {count:,} of {total:,}, {_pace(count, total, now - started)}")


class Bar:
    """A bar with rate and time left."""

    def __init__(self, stream: TextIO) -> None:
        from rich.console import Console  # 40 ms, for terminals only

        self._stream = stream
        self._console = Console(file=stream, highlight=False)

    def say(self, text: str) -> None:
        """A line."""
        self._console.print(writable(text, self._stream), markup=False)

    def each(self, what: str, things: Iterable[T], total: int) -> Iterator[T]:
        """The things, under a bar."""
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        rate = TextColumn("{task.fields[rate]}")
        columns: list[Any] = [TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), rate]
        started = time.monotonic()
        with Progress(*columns, TimeRemainingColumn(), console=self._console, transient=True) as progress:
            bar = progress.add_task(what, total=total, rate="")
            for count, thing in enumerate(things, 1):
                yield thing
                progress.update(bar, advance=1, rate=f"{count / (time.monotonic() - started):.0f}/s")


def writable(text: str, stream: TextIO) -> str:
    """The text with what the stream's encoding lacks as escapes, and no command to CI: names may hold anything."""
    encoding = stream.encoding or "utf-8"
    return inert(text).encode(encoding, "backslashreplace").decode(encoding)


def _pace(count: int, total: int, seconds: float) -> str:
    rate = count / max(seconds, 1e-9)
    return f"{rate:.1f}/s, {max(total - count, 0) / rate:.0f} s left"
