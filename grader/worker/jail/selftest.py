"""Try the jail before any submission does: honest code must work in it, and what it forbids must fail.

This runs in a child that is locked in like any other. What counts is what the kernel does, not what it claims to know.
"""

from __future__ import annotations

import _socket
import os
import resource
from collections.abc import Callable, Iterable, Iterator
from typing import Any


def problems(entries: Iterable[str], secrets: Iterable[str]) -> Iterator[str]:
    """Every way in which this process isn't locked in as it should be, or can't do honest work."""
    yield from _find_honest_problems(entries)
    for what, attempt in _FORBIDDEN.items():
        if _succeeds(attempt):
            yield f"{what} is possible in the jail"
    yield from readable_secrets(secrets)


def readable_secrets(secrets: Iterable[str]) -> Iterator[str]:
    """Those of the secrets that can be opened from in here."""
    for secret in secrets:
        if _succeeds(os.open, secret, os.O_RDONLY):
            yield f"{secret} can be read in the jail: keep it outside of Python's library and of the granted packages"


def _succeeds(attempt: Callable[..., Any], *args: Any) -> bool:
    try:
        attempt(*args)
    except OSError:
        return False
    return True


def _find_honest_problems(entries: Iterable[str]) -> Iterator[str]:
    """What any numerical homework may do."""
    try:
        import colorsys  # noqa: F401 - source from the library, not imported before
        import decimal  # noqa: F401 - and a shared library of it

        import numpy as np

        matrix = np.array([[2.0, 1.0], [1.0, 3.0]])
        u, s, vt = np.linalg.svd(np.linalg.solve(matrix, matrix @ matrix))
        if not np.allclose(np.fft.ifft(np.fft.fft((u * s) @ vt)), matrix):
            raise ArithmeticError("numpy computes wrongly")
        for entry in entries:
            os.close(os.open(entry, os.O_RDONLY))
    except Exception as problem:  # noqa: BLE001 - each of them means that honest code fails
        yield (
            f"honest code fails in the jail ({type(problem).__name__}: {problem}): can everybody read this Python? One "
            "in a closed home folder needs user namespaces, or to be installed elsewhere"
        )


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def _use_a_stray_descriptor() -> None:
    for descriptor in range(4, 1 << 10):
        try:
            os.fstat(descriptor)
        except OSError:
            continue
        return
    raise OSError("there is none")


def _be_without_limits() -> None:
    for kind in (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE):
        if resource.getrlimit(kind)[1] == resource.RLIM_INFINITY:
            return
    raise OSError("there are limits")


_FORBIDDEN: dict[str, Callable[[], Any]] = {
    "reading a file of the system": lambda: os.open("/etc/passwd", os.O_RDONLY),
    "listing the root folder": lambda: os.listdir("/"),
    "writing a file": lambda: os.open("/canary", os.O_WRONLY | os.O_CREAT),
    "writing a temporary file": lambda: os.open("/tmp/canary", os.O_WRONLY | os.O_CREAT),
    "writing to shared memory": lambda: os.open("/dev/shm/canary", os.O_WRONLY | os.O_CREAT),
    "opening a socket": _socket.socket,
    "starting a process": _fork,
    "running a program": lambda: os.execv("/bin/true", ["true"]),
    "sending a signal": lambda: os.kill(os.getppid(), 0),
    "using a descriptor of the grader's": _use_a_stray_descriptor,
    "using memory without limit": _be_without_limits,
    "changing who one is": lambda: os.setresuid(0, 0, 0),
}
