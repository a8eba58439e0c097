"""The zygote's loop: fork a child, reap a child, until the trusted process hangs up."""

from __future__ import annotations

import array
import gc
import os
import signal
import socket
from typing import Any, NoReturn

from . import jail
from .child import Connection, serve_submission
from .messages import FORK, FORKED, REAP, REAPED


def serve(configuration: dict[str, Any]) -> NoReturn:
    """Answer the trusted process until it hangs up."""
    control = socket.socket(fileno=configuration["control"])
    try:
        described = jail.prepare(configuration)
        import numpy.linalg  # noqa: F401 - what every child would otherwise import
    except Exception as problem:  # noqa: BLE001 - told to the trusted side, which raises it
        control.send(b"E" + f"{type(problem).__name__}: {problem}".encode())
        os._exit(1)
    gc.collect()
    gc.freeze()  # the collector would otherwise touch, and so copy, every page in every child
    control.send(b"R" + described.encode())
    _Zygote(control, tuple(configuration["needed"])).loop()


class _Zygote:
    def __init__(self, control: socket.socket, needed: tuple[str, ...]) -> None:
        self._control = control
        self._needed = needed
        self._children: dict[int, tuple[int, int]] = {}  # number -> pid, pidfd
        self._count = 0

    def loop(self) -> NoReturn:
        while True:
            request, descriptors, _, _ = socket.recv_fds(self._control, 64, 1)
            if not request:
                os._exit(0)
            if request[:1] == b"F":
                self._fork(FORK.unpack(request), descriptors[0])
            else:
                self._reap(REAP.unpack(request)[1])

    def _fork(self, asked: tuple[Any, ...], line: int) -> None:
        self._count += 1
        pid = os.fork()
        if pid == 0:
            _become_child(asked, line, self._needed)
        os.close(line)
        pidfd = os.pidfd_open(pid)
        self._children[self._count] = (pid, pidfd)
        rights = array.array("i", [pidfd])
        self._control.sendmsg([FORKED.pack(b"F", self._count)], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])

    def _reap(self, number: int) -> None:
        pid, pidfd = self._children.pop(number)
        signal.pidfd_send_signal(pidfd, signal.SIGKILL)
        os.close(pidfd)
        _, status, usage = os.wait4(pid, 0)
        self._control.send(REAPED.pack(b"R", os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime))


def _become_child(asked: tuple[Any, ...], line: int, needed: tuple[str, ...]) -> NoReturn:
    """Lock this process in and serve; whatever fails before that ends it with the status that means so."""
    _, cpu_seconds, memory_bytes = asked
    try:
        line = jail.enter(line, cpu_seconds, memory_bytes)
    except BaseException:  # noqa: BLE001 - nothing may run outside the jail
        os._exit(jail.NOT_LOCKED_IN)
    serve_submission(Connection(line, line), needed)
