"""Start the other process, and hang up on it: the zygote of the jail, or one process per submission."""

from __future__ import annotations

import _socket
import array
import atexit
import json
import os
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import msgspec

from grader.errors import SandboxError
from grader.sandbox import early
from grader.sandbox.early import CONTROL, ENVIRONMENT
from grader.sandbox.packages import PackageAccess, locate_packages
from grader.sandbox.transport import CHUNK_BYTES, PipeLink, SocketLink, Transport, nothing
from grader.worker.shared import control

if TYPE_CHECKING:
    from grader.limits import Limits

#: The grader itself, its rubrics and references: never to be read by a submission, wherever they are installed.
_HOME = Path(__file__).resolve().parent.parent
OUR_OWN = (str(_HOME), *(str(folder) for name in ("rubrics", "reference") if (folder := _HOME.parent / name).is_dir()))

BOOT = early.BOOT
_ANSWER_SECONDS = 60.0  # a zygote that takes longer never answers; numpy from a cold disk takes a few seconds


class IsolationReport(msgspec.Struct, frozen=True):
    """How the other process is locked in. `missing` is why there are no namespaces, where there are none."""

    level: str
    layers: tuple[str, ...]
    missing: str


def configure(mode: str, packages: Sequence[str], granted: PackageAccess, secrets: Sequence[str]) -> dict[str, Any]:
    """What the other process is told at its start. It holds no secret: only the paths that must not be readable."""
    return {
        "mode": mode,
        "packages": list(packages),
        "path": granted.path,
        "entries": granted.entries,
        "needed": granted.names,
        "secrets": list(secrets),
        # Only the main thread lives as long as the process, and the kernel's signal comes at the end of a thread.
        "parent": os.getpid() if threading.current_thread() is threading.main_thread() else 0,
        "control": CONTROL,
    }


def _command(configuration: dict[str, Any]) -> list[str]:
    return [sys.executable, "-I", "-S", BOOT, json.dumps(configuration)]


class Zygote:
    """The warm process of the jail. Starting it doesn't wait for it."""

    def __init__(self, configuration: dict[str, Any]) -> None:
        see_off()
        self.spare: Callable[[], bool] = nothing  #: what there is to do while it is waited for
        self._walls: IsolationReport | None = None
        self._hiding = 0  # questions whether something is hidden, not answered so far
        self._refusal = b""
        written = json.dumps(configuration)
        started = early.take()
        self._control, pid = started or early.start(BOOT, written)
        self._pid: int | None = pid
        self._control.settimeout(_ANSWER_SECONDS)
        if started:
            self._send(written.encode())

    def isolation_report(self) -> IsolationReport:
        """How the zygote stands; waits until it's ready. Raises `SandboxError` where it can't be."""
        if self._refusal:
            self._refuse(self._refusal)
        if self._walls is None:
            answer = self._receive(1 << 16)
            if answer[:1] != control.READY:
                self._refuse(answer)
            level, layers, missing = json.loads(answer[1:])
            self._walls = IsolationReport(level, tuple(layers), missing)
        while self._hiding:
            self._hiding -= 1
            answer = self._receive(1 << 16)
            if answer != control.HIDE:
                self._refuse(answer)
        return self._walls

    def _refuse(self, answer: bytes) -> NoReturn:
        """Raise, now and whenever anybody asks again."""
        self._refusal = self._refusal or answer
        raise SandboxError(
            f"there is no jail here, so nothing is run: {answer[1:].decode(errors='replace')}\n"
            "`grade doctor` says what this machine lacks; `--sandbox none` grades without any protection"
        )

    def hide(self, secrets: Sequence[str]) -> None:
        """Have the zygote find out whether a child can read any of these; `isolation_report` raises if so.

        It may not be ready: then its first child, which tries the jail, does this too.
        """
        with suppress(OSError):  # it has gone, and the report says why
            self._control.send(control.HIDE + json.dumps(list(secrets)).encode())
            self._hiding += 1

    def open(self, limits: Limits) -> Transport:
        """Fork a child. Raises `SandboxError` where the jail doesn't stand."""
        self.isolation_report()
        ours, theirs = _socket.socketpair()
        ours.setblocking(False)
        try:
            try:
                self._send(control.fork_request(limits.submission_seconds, limits.memory_bytes), theirs.fileno())
            finally:
                theirs.close()
            number, pidfd = self._fork()
        except SandboxError:
            ours.close()
            raise
        return SocketLink(ours, pidfd, lambda: self._reap(number))

    def _fork(self) -> tuple[int, int]:
        space = _socket.CMSG_SPACE(array.array("i").itemsize)
        self._use_the_wait()
        try:
            data, rights, _, _ = self._control.recvmsg(64, space)
        except OSError as error:
            raise SandboxError(_why_gone(error)) from error
        if not rights:
            raise SandboxError(_why_gone())
        descriptors = array.array("i")
        descriptors.frombytes(rights[0][2])
        return control.FORKED.unpack(data)[1], descriptors[0]

    def _reap(self, number: int) -> tuple[int, float]:
        self._send(control.ASK_REAP.pack(control.REAP, number))
        _, status, cpu_seconds = control.REAPED.unpack(self._receive(64))
        return status, cpu_seconds

    def _send(self, request: bytes, *descriptors: int) -> None:
        try:
            self._control.sendmsg([request], _handed_over(descriptors))
        except OSError as error:
            raise SandboxError(_why_gone(error)) from error

    def _receive(self, size: int) -> bytes:
        self._use_the_wait()
        try:
            answer = self._receive_any(size)
        except OSError as error:
            raise SandboxError(_why_gone(error)) from error
        if not answer:
            raise SandboxError(_why_gone())
        return answer

    def _use_the_wait(self) -> None:
        import select  # Unix only: `select.poll`

        answers = select.poll()
        answers.register(self._control, select.POLLIN)
        while not answers.poll(0) and self.spare():
            pass

    def _receive_any(self, size: int) -> bytes:
        try:
            return self._control.recv(size)
        except ConnectionResetError:  # it has gone without having read all; what it said before comes after that
            return self._control.recv(size)

    def close(self) -> None:
        """Hang up: the zygote and all that it forked end. A report can be shown meanwhile; `see_off` waits for it."""
        if self._pid is not None:
            self._control.close()
            _leaving.append(self._pid)
            self._pid = None


_leaving: list[int] = []


def see_off() -> None:
    """Wait for the zygotes that were hung up on: before there is another one, and at the end of this process."""
    while _leaving:
        with suppress(ChildProcessError):  # they were another process's, which forked this one
            os.waitpid(_leaving.pop(), 0)


atexit.register(see_off)


def _handed_over(descriptors: Sequence[int]) -> list[tuple[int, int, array.array[int]]]:
    return [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, array.array("i", descriptors))] if descriptors else []


def _why_gone(error: OSError | None = None) -> str:
    return f"the process that runs submissions has ended unexpectedly{f' ({error})' if error else ''}"


_ahead: list[tuple[dict[str, Any], Zygote]] = []


def prestart() -> None:
    """Start the zygote that most runs need, while this process still has numpy and all the rest to import.

    The first sandbox that asks for just such a one gets it. Does nothing where there is no jail.
    """
    if early.has_jail() and not _ahead:
        configuration = configure("jail", ("numpy",), locate_packages(("numpy",)), OUR_OWN)
        _ahead.append((configuration, Zygote(configuration)))


def launch(configuration: dict[str, Any]) -> Zygote | UnsandboxedLauncher:
    """The other process for this configuration."""
    if configuration["mode"] == "none":
        return UnsandboxedLauncher(configuration)
    if _ahead and _ahead[0][0] == configuration:
        return _ahead.pop()[1]
    return Zygote(configuration)


class UnsandboxedLauncher:
    """`--sandbox none`: a plain process for each submission, the first one started ahead."""

    def __init__(self, configuration: dict[str, Any]) -> None:
        self._configuration = configuration
        self.spare: Callable[[], bool] = nothing  #: it is never waited for here
        self._next: Any = self._start()

    def isolation_report(self) -> IsolationReport:
        """There are none."""
        return IsolationReport("none", (), "")

    def hide(self, secrets: Sequence[str]) -> None:
        """Nothing is hidden from such a process."""

    def _start(self) -> Any:
        import subprocess

        return subprocess.Popen(
            _command(self._configuration),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**_essential(), **ENVIRONMENT},
        )

    def open(self, limits: Limits) -> Transport:
        """Start a process, or take the one that was started ahead."""
        import queue

        process, self._next = self._next or self._start(), None
        chunks: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        threading.Thread(target=_pump, args=(process.stdout, chunks), daemon=True).start()
        return PipeLink(process, chunks)

    def close(self) -> None:
        """End the process that was started ahead, if nobody took it."""
        if self._next is not None:
            self._next.kill()
            self._next.communicate()
            self._next = None


def _pump(pipe: Any, chunks: Any) -> None:
    """Move what arrives into the queue; an empty chunk says that the process has hung up."""
    while True:
        try:
            chunk = pipe.read1(CHUNK_BYTES)
        except (OSError, ValueError):
            chunk = b""
        chunks.put(chunk)
        if not chunk:
            return


def _essential() -> dict[str, str]:
    """Windows can't start a Python without its root folder in the environment; nobody else needs anything."""
    return {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
