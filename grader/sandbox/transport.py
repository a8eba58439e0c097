"""The line to one other process: bytes out, bytes in, its clock, and its end.

`SocketLink` is the jail's (a socket, a pidfd, the zygote that reaps); `PipeLink` is for `--sandbox none` and uses
nothing that only Unix has.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

import msgspec

from grader.errors import SandboxError

if TYPE_CHECKING:
    import _socket
    import queue
    import subprocess
    import threading

CHUNK_BYTES = 1 << 16  # a larger one would be mapped and unmapped for every read
_CPUCLOCK_SCHED = 2  # include/linux/posix-timers.h: a process's clock is (~pid << 3) | 2
_GRACE_SECONDS = 1.0  # between a closed line and the end of a process that is ending by itself


def nothing() -> bool:
    """There is nothing to do while a process is waited for."""
    return False


class Exit(msgspec.Struct, frozen=True):
    """How a process ended. `status` is negative for a signal, None where it had to be ended by us."""

    status: int | None
    cpu_seconds: float


#: Seconds to wait before looking at the clocks again; raises when there are none left.
Deadline = Callable[[], float]


class Transport(Protocol):
    """What a `JailedChild` needs of its process."""

    def send(self, data: bytes, left: Deadline) -> None:
        """Raises `OSError` when the process has gone, and whatever `left` raises."""

    def receive(self, left: Deadline, size: int) -> bytes:
        """Some bytes, about `size` of them, or none at all when the process has hung up."""

    def has_data(self) -> bool:
        """Whether there are bytes, or an end, that nobody has read."""

    def cpu_seconds(self) -> float:
        """The process's clock; 0 where the platform has none."""

    def end(self, hung_up: bool) -> Exit:
        """End the process at once, or soon if it `hung_up` and may be ending by itself."""


class SocketLink:
    """A forked child: its stream socket, and the pidfd that names it whatever becomes of its pid."""

    def __init__(self, line: _socket.socket, pidfd: int, reap: Callable[[], tuple[int, float]]) -> None:
        import select  # Unix only: `select.poll`

        self._line = line
        self._pidfd = pidfd
        self._reap = reap
        self._poll = select.poll
        self._readable = select.poll()
        self._readable.register(line, select.POLLIN)
        self._writable = select.poll()
        self._writable.register(line, select.POLLOUT)
        self._clock = (~_pid_of(pidfd) << 3) | _CPUCLOCK_SCHED

    def send(self, data: bytes, left: Deadline) -> None:
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[self._line.send(rest) :]
            except BlockingIOError:
                self._writable.poll(_milliseconds(left()))

    def receive(self, left: Deadline, size: int) -> bytes:
        while not self._readable.poll(_milliseconds(left())):
            pass
        try:
            return self._line.recv(min(max(size, CHUNK_BYTES), 16 * CHUNK_BYTES))
        except ConnectionResetError:
            return b""

    def has_data(self) -> bool:
        return bool(self._readable.poll(0))

    def cpu_seconds(self) -> float:
        return time.clock_gettime(self._clock)

    def end(self, hung_up: bool) -> Exit:
        import select

        ended = self._poll()
        ended.register(self._pidfd, select.POLLIN)
        by_itself = bool(ended.poll(_milliseconds(_GRACE_SECONDS) if hung_up else 0))
        try:
            status, cpu_seconds = self._reap()
        finally:
            self._line.close()
            os.close(self._pidfd)
        return Exit(status if by_itself else None, cpu_seconds)


def _pid_of(pidfd: int) -> int:
    """The pid as this process sees it; it stays taken until the child is reaped."""
    # `Path` takes three times as long.
    with open(f"/proc/self/fdinfo/{pidfd}", "rb", buffering=0) as told:  # noqa: PTH123
        lines = told.read().splitlines()
    pid = next(int(line.split()[1]) for line in lines if line.startswith(b"Pid:"))
    if pid <= 0:  # 0 would mean this very process's clock
        raise SandboxError("/proc doesn't show the processes that this one starts, so they can't be timed")
    return pid


def _milliseconds(seconds: float) -> int:
    return int(seconds * 1000) + 1


class PipeLink:
    """A process of its own, over its stdin and stdout. Threads do what `poll` can't do on every platform."""

    def __init__(self, process: subprocess.Popen[bytes], chunks: queue.SimpleQueue[bytes]) -> None:
        self._process = process
        self._chunks = chunks
        self._base = 0.0
        self._base = self.cpu_seconds()

    def send(self, data: bytes, left: Deadline) -> None:
        import threading

        assert self._process.stdin is not None
        sent = threading.Event()
        threading.Thread(target=self._watch, args=(sent, left), daemon=True).start()
        try:
            self._process.stdin.write(data)
            self._process.stdin.flush()
        finally:
            sent.set()

    def _watch(self, sent: threading.Event, left: Deadline) -> None:
        """End a process that never reads, which would block us for ever."""
        try:
            while not sent.wait(left()):
                pass
        except Exception:  # noqa: BLE001 - there is no time left
            self._process.kill()

    def receive(self, left: Deadline, size: int) -> bytes:
        import queue

        while True:
            try:
                return self._chunks.get(timeout=left())
            except queue.Empty:
                continue

    def has_data(self) -> bool:
        return not self._chunks.empty()

    def cpu_seconds(self) -> float:
        try:
            return time.clock_gettime((~self._process.pid << 3) | _CPUCLOCK_SCHED) - self._base
        except (AttributeError, OSError):
            return 0.0  # no such clock on this platform: the wall clock alone holds

    def end(self, hung_up: bool) -> Exit:
        import contextlib
        import subprocess

        used = self.cpu_seconds()
        status = None
        if hung_up:
            with contextlib.suppress(subprocess.TimeoutExpired):
                status = self._process.wait(_GRACE_SECONDS)
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()
        return Exit(status, used)
