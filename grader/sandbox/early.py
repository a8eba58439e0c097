"""Start the process of the jail, and be able to do so before anything else of the grader is imported.

It has as much to import as this one has, so it begins first, and is told what it is for as soon as that is known.
What this file needs itself delays it: so nothing heavy here, not even `pathlib` and `typing`. `socket` makes classes of
enumerations out of what `_socket` holds already, which takes as long as all the rest of this.
"""

from __future__ import annotations

import _socket
import os
import sys

BOOT = os.path.join(os.path.dirname(os.path.dirname(os.path.realpath(__file__))), "worker", "boot.py")
CONTROL = 3  # the zygote's end of the control line

#: One thread each, set before exec: released numpy wheels can deadlock when they fork with threads (numpy issue 30092).
ENVIRONMENT = {
    f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL", "NUMEXPR", "VECLIB_MAXIMUM", "BLIS")
}

#: Our end of the control line, and the pid.
Started = tuple[_socket.socket, int]
_ahead: list[Started] = []


def has_jail() -> bool:
    """Whether this platform has what the jail needs."""
    return hasattr(os, "pidfd_open")


def start(boot: str, *arguments: str) -> Started:
    """Start a zygote. Without arguments it waits to be told on its line what it is for; see worker/boot.py."""
    import fcntl  # Unix only, as all of this

    ours, theirs = _socket.socketpair(_socket.AF_UNIX, _socket.SOCK_SEQPACKET)
    try:
        nowhere = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_RDWR, 0) for fd in (0, 1, 2)]
        # A duplicate far away from the numbers that the new process gives its own meaning to.
        line = fcntl.fcntl(theirs.fileno(), fcntl.F_DUPFD, 200)
        actions = [*nowhere, (os.POSIX_SPAWN_DUP2, line, CONTROL)]
        try:
            command = [sys.executable, "-I", "-S", boot, *arguments]
            return ours, os.posix_spawn(sys.executable, command, ENVIRONMENT, file_actions=actions)
        finally:
            os.close(line)
    finally:
        theirs.close()


def start_ahead() -> None:
    """Start a zygote for whoever needs one first. Does nothing where there is no jail."""
    if has_jail() and not _ahead:
        _ahead.append(start(BOOT))


def take() -> Started | None:
    """The zygote that was started ahead, if nobody has taken it."""
    return _ahead.pop() if _ahead else None
