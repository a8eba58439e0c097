"""The zygote's loop: fork a child, reap a child, until the trusted process hangs up.

It waits for numpy long enough: `socket`, with its enumerations, would take 2 ms more than `_socket`.
"""

from __future__ import annotations

import _socket
import array
import gc
import json
import os
import select
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from itertools import chain
from typing import Any, NoReturn

from . import jail
from .child import Connection, Read, serve_submission
from .jail import descriptors, privileges, selftest
from .shared import control
from .shared.messages import NONCE_BYTES, READY
from .shared.numpy_names import restore
from .shared.standard_names import restore_standard
from .warm_up import warm_up

_SECOND, _DONE = 2, object()
_ROOM = _socket.CMSG_SPACE(array.array("i").itemsize)  #: for one descriptor that is handed over
_QUIET_MILLISECONDS = 5  # whoever wants no other child hangs up sooner
_SELFTEST = jail.Terms(line=-1, cpu_seconds=20, memory_bytes=1 << 30)


def serve_zygote(configuration: dict[str, Any], read: Read) -> NoReturn:
    """Answer the trusted process until it hangs up."""
    line = _socket.socket(fileno=descriptors.park(configuration["control"]))
    try:
        if configuration["parent"]:
            privileges.die_with_parent(configuration["parent"])
        _warm_up(configuration["packages"])
        zygote = _Zygote(line, *_prepare_jail(configuration, line), tuple(configuration["needed"]), read)
        configuration.clear()  # it names paths of the grader's machine, and children inherit this memory
        sys.argv[1:] = sys.orig_argv[1:] = []
    except Exception as problem:  # noqa: BLE001 - told to the trusted side, which raises it
        line.send(control.ERROR + str(problem).encode(errors="replace"))
        os._exit(1)
    zygote.loop()


#: Packages whose import alone isn't enough: matplotlib lists the fonts, which takes a thread and a folder to write.
#: fissix reads its grammar, which it would like to keep in a file.
_ALSO = {"matplotlib": ("matplotlib.pyplot",), "fissix": ("fissix.pygram",)}


def _warm_up(packages: list[str]) -> None:
    """Import what every submission would otherwise import again in its child, or couldn't import in there at all."""
    import hashlib  # noqa: F401 - numpy.random needs OpenSSL: the view shows the folders of libraries that are loaded

    import numpy.linalg

    restore(numpy)
    restore_standard()
    others = [name for name in packages if name != "numpy"]
    if others:
        _import_others(others)


def _import_others(others: list[str]) -> None:
    import tempfile
    import threading

    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"MPLCONFIGDIR": folder, "MPLBACKEND": "Agg"}
        for name in others:
            for module in (name, *_ALSO.get(name, ())):
                import_module(module)
    for thread in threading.enumerate():
        if thread is not threading.main_thread():
            thread.join(1.0)


def _prepare_jail(configuration: dict[str, Any], line: _socket.socket) -> tuple[jail.PreparedJail, list[bytes]]:
    """The jail, tried out, and what to say of it."""
    _need_pidfds()
    entries = tuple(configuration["entries"])
    cell, walls = jail.prepare_jail(entries)
    gc.enable()
    gc.freeze()  # the collector would otherwise touch, and so copy, every page in every child
    hidden = list(_asked_to_hide(line))
    secrets = [*configuration["secrets"], *chain(*hidden)]
    _try(cell, lambda: selftest.problems(entries, secrets))
    return cell, [control.READY + json.dumps(walls).encode(), *[control.HIDE] * len(hidden)]


def _asked_to_hide(line: _socket.socket) -> Iterator[list[str]]:
    """What the trusted process has asked to hide so far: one child can look for all of it."""
    with suppress(BlockingIOError):
        while request := line.recv(1 << 16, _socket.MSG_DONTWAIT):
            yield json.loads(request.removeprefix(control.HIDE))


def _need_pidfds() -> None:
    """Raise `OSError` where no descriptor can name a process: its pid may be another's by the time we kill."""
    try:
        os.close(os.pidfd_open(os.getpid()))
    except OSError as error:
        raise OSError(f"pidfd_open: {error.strerror}") from error


def _try(cell: jail.PreparedJail, find: Callable[[], Any]) -> None:
    """Have a child that is locked in find problems. Raises `OSError` with the first few of them."""
    ours, theirs = _socket.socketpair()
    pid = os.fork()
    if pid == 0:
        _report(cell, theirs.fileno(), find)
    theirs.close()
    told = b"".join(iter(lambda: ours.recv(4096), b""))
    ours.close()
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if status != 0 or told:
        raise OSError(told.decode(errors="replace") or f"the self-test of the jail ended with status {status}")


def _report(cell: jail.PreparedJail, line: int, find: Callable[[], Any]) -> NoReturn:
    try:
        line = jail.enter_jail(cell, _SELFTEST._replace(line=line))
        os.write(line, "; ".join(find()).encode(errors="replace")[:4096])
    except jail.NotLockedInError as problem:
        os.write(problem.line, str(problem).encode(errors="replace"))
    finally:
        os._exit(0)


def _rehearse(read: Read) -> Iterator[None]:
    """Learn, bit by bit, what makes children quicker."""
    import numpy.fft
    import numpy.random  # noqa: F401 - as above

    yield
    yield from warm_up(read)
    gc.freeze()


class _Zygote:
    def __init__(
        self, line: _socket.socket, cell: jail.PreparedJail, answers: list[bytes], needed: tuple[str, ...], read: Read
    ) -> None:
        self._line = line
        self._cell = cell
        self._needed = needed
        self._read = read
        self._children: dict[int, tuple[int, int]] = {}  # number -> pid, pidfd
        self._count = 0
        self._rehearsal = _rehearse(read)
        self._has_time = False
        for answer in answers:
            line.send(answer)

    def loop(self) -> NoReturn:
        while True:
            self._use_the_wait()
            request, handed_over, _, _ = self._line.recvmsg(1 << 16, _ROOM)
            kind = request[:1]
            if kind == control.FORK:
                _, cpu_seconds, memory_bytes = control.ASK_FORK.unpack(request)
                [line] = array.array("i", handed_over[0][2])
                self._fork(jail.Terms(line, cpu_seconds, memory_bytes))
            elif kind == control.REAP:
                self._reap(control.ASK_REAP.unpack(request)[1])
            elif kind == control.HIDE:
                self._hide(json.loads(request[1:]))
            else:
                os._exit(0)

    def _fork(self, terms: jail.Terms) -> None:
        self._count += 1
        if self._count == _SECOND:
            for _ in self._rehearsal:
                pass
            self._has_time = False
        pid = os.fork()
        if pid == 0:
            _become_child(self._cell, terms, self._needed, self._read)
        os.close(terms.line)
        pidfd = os.pidfd_open(pid)
        self._children[self._count] = (pid, pidfd)
        rights = array.array("i", [pidfd])
        self._line.sendmsg(
            [control.FORKED.pack(control.FORK, self._count)], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, rights)]
        )

    def _use_the_wait(self) -> None:
        """After the first child, rehearse while nobody asks for anything: that one may well be the only one."""
        if not self._has_time:
            return
        asked = select.poll()
        asked.register(self._line, select.POLLIN)
        if not asked.poll(_QUIET_MILLISECONDS):
            while self._has_time and not asked.poll(0):
                self._has_time = next(self._rehearsal, _DONE) is not _DONE

    def _reap(self, number: int) -> None:
        pid, pidfd = self._children.pop(number)
        signal.pidfd_send_signal(pidfd, signal.SIGKILL)
        os.close(pidfd)
        _, status, usage = os.wait4(pid, 0)
        used = usage.ru_utime + usage.ru_stime
        self._line.send(control.REAPED.pack(control.REAP, os.waitstatus_to_exitcode(status), used))
        self._has_time = self._count < _SECOND

    def _hide(self, secrets: list[str]) -> None:
        try:
            _try(self._cell, lambda: selftest.readable_secrets(secrets))
        except OSError as problem:
            self._line.send(control.ERROR + str(problem).encode(errors="replace"))
        else:
            self._line.send(control.HIDE)


def _become_child(cell: jail.PreparedJail, terms: jail.Terms, needed: tuple[str, ...], read: Read) -> NoReturn:
    """Lock this process in and serve. If that fails, say so and end: nothing may run outside the jail."""
    try:
        line = jail.enter_jail(cell, terms)
        serve_submission(Connection(line, line), needed, read)
    except jail.NotLockedInError as problem:
        Connection(problem.line, problem.line).send(READY, 1, bytes(NONCE_BYTES), str(problem).encode())
    finally:
        os._exit(1)
