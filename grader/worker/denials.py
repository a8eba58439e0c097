"""Say what the jail refused, in the words of a report: what was tried, never why somebody might try it."""

from __future__ import annotations

import errno
import sys

_OPENING, _LISTING = "opening files", "listing folders"
_CHANGING = "changing files and folders"
_STARTING, _SIGNALS, _NETWORK = "starting processes", "sending signals", "using the network"

#: Python's audit events (docs.python.org/3/library/audit_events.html), by what they announce.
_EVENTS = {
    "open": _OPENING,
    **dict.fromkeys(("os.listdir", "os.scandir", "os.walk", "os.fwalk", "os.chdir"), _LISTING),
    **{f"os.{name}": _CHANGING for name in ("chmod", "chown", "link", "mkdir", "remove", "rename", "rmdir", "symlink")},
    **{f"os.{name}": _CHANGING for name in ("truncate", "utime", "setxattr", "removexattr", "chflags")},
    **{f"tempfile.{name}": _CHANGING for name in ("mkdtemp", "mkstemp")},
    **{f"os.{name}": _STARTING for name in ("exec", "fork", "forkpty", "posix_spawn", "spawn", "system")},
    **dict.fromkeys(("subprocess.Popen", "pty.spawn"), _STARTING),
    **dict.fromkeys(("os.kill", "os.killpg", "signal.pthread_kill"), _SIGNALS),
}

_last = [""]


def _note(event: str, _: tuple[object, ...]) -> None:
    words = _EVENTS.get(event) or (_NETWORK if event.startswith("socket.") else "")
    if words:
        _last[0] = words


def watch_denials() -> None:
    """Remember from now on what was tried last. Python offers no way to stop this again."""
    sys.addaudithook(_note)


def describe_denial(problem: BaseException) -> str | None:
    """What wasn't allowed, if that is what this exception says."""
    if isinstance(problem, RuntimeError) and str(problem) == "can't start new thread":
        return "not allowed here: starting threads"
    refused = isinstance(problem, PermissionError) or (isinstance(problem, OSError) and problem.errno == errno.EROFS)
    if not refused:
        return None
    name = f" ({problem.filename!r})" if isinstance(problem, OSError) and isinstance(problem.filename, str) else ""
    return f"not allowed here: {_last[0] or 'this request to the system'}{name}"
