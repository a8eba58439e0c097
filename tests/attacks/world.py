"""What attacks aim at: real files, servers and processes, and whether they still stand as they stood."""

from __future__ import annotations

import contextlib
import os
import re
import resource
import secrets
import socket
import stat
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[2]

#: What Python's tempfile calls the empty file by which it tries whether a folder can be written to.
_TRIAL = re.compile(r"[a-z0-9_]{8}")
#: Where anybody may leave things behind.
_OPEN_PLACES = ("/tmp", "/var/tmp", "/dev/shm", "/run/lock", ".")


class World:
    """A context manager: targets for attacks, in reach of whoever isn't jailed."""

    def __init__(self) -> None:
        self._stack = contextlib.ExitStack()
        self.token = secrets.token_hex(8)
        self._since = time.time()
        self.told: dict[str, Any] = {}

    def __enter__(self) -> Self:
        self._folder = Path(self._stack.enter_context(TemporaryDirectory(prefix="world-")))
        self._folder.chmod(0o777)
        self._secret = self._folder / "secret.txt"
        self._secret.write_text("hidden inputs")
        (self._folder / "empty").mkdir()
        self._victim = self._stack.enter_context(subprocess.Popen(["sleep", "3600"]))
        self._stack.callback(self._victim.kill)
        os.environ["GRADE_TOKEN"] = self.token  # as a CI system would
        self._stack.callback(os.environ.pop, "GRADE_TOKEN")
        self._servers = [self._listening(*address) for address in self._addresses()]
        self._before = self._state()
        self.told = self._described()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()
        self._sweep()

    def _sweep(self) -> None:
        """Take away what attacks left where a layer was missing: by its name, or one of tempfile's empty trials."""
        for path in map(Path, self._left_behind()):
            with contextlib.suppress(OSError):
                path.unlink()
        for path in self._trials() if os.geteuid() != 0 else ():
            with contextlib.suppress(OSError):
                path.unlink()

    def _trials(self) -> Iterator[Path]:
        for path in (path for place in ("/tmp", "/var/tmp") for path in Path(place).glob("????????")):
            with contextlib.suppress(OSError):
                found = path.lstat()
                ours = found.st_uid == os.geteuid() and found.st_mtime >= self._since
                if ours and stat.S_ISREG(found.st_mode) and not found.st_size and _TRIAL.fullmatch(path.name):
                    yield path

    def _addresses(self) -> Iterator[tuple[int, Any]]:
        yield socket.AF_INET, ("127.0.0.1", 0)
        yield socket.AF_UNIX, str(self._folder / "service")
        yield socket.AF_UNIX, f"\0{self.token}"

    def _listening(self, family: int, address: Any) -> socket.socket:
        server = self._stack.enter_context(socket.socket(family))
        server.bind(address)
        server.listen(8)
        server.setblocking(False)
        return server

    def _described(self) -> dict[str, Any]:
        """What an attack is told: all that an insider would know."""
        return {
            "token": self.token,
            "earlier": f"earlier-{self.token}-",
            "secret": str(self._secret),
            "folder": str(self._folder),
            "grader": str(ROOT / "grader"),
            "reference": str(ROOT / "reference" / "assignment1" / "functions.py"),
            "rubric": str(ROOT / "rubrics" / "assignment1.yaml"),
            "home": str(Path.home()),
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "victim": self._victim.pid,
            "tcp": self._servers[0].getsockname()[1],
            "unix": str(self._folder / "service"),
            "abstract": self.token,
        }

    def _state(self) -> dict[str, Any]:
        found = self._secret.stat()
        return {
            "the secret": (found.st_mode, found.st_uid, found.st_mtime_ns, self._secret.read_bytes()),
            "the folder": sorted(path.name for path in self._folder.iterdir()),
            "the other process": self._victim.poll(),
            "our limits": [resource.getrlimit(kind) for kind in (resource.RLIMIT_NOFILE, resource.RLIMIT_AS)],
            "our priority": os.getpriority(os.PRIO_PROCESS, 0),
            "our processors": os.sched_getaffinity(0),
            "what was left in open places": self._left_behind(),
            "System V's objects": [Path("/proc/sysvipc", kind).read_text() for kind in ("shm", "sem", "msg")],
        }

    def _left_behind(self) -> list[str]:
        places = [*map(Path, _OPEN_PLACES), Path.home()]
        return [str(path) for place in places if os.access(place, os.R_OK) for path in place.glob(f"*{self.token}*")]

    def damage(self) -> list[str]:
        """What isn't as it was."""
        now = self._state()
        changed = [what for what, state in self._before.items() if now[what] != state]
        self._before = now
        return changed + [f"a connection to {server.getsockname()}" for server in self._servers if _calls(server)]


def _calls(server: socket.socket) -> int:
    """How often somebody has called a server since the last time."""
    count = 0
    with contextlib.suppress(BlockingIOError):
        while True:
            server.accept()[0].close()
            count += 1
    return count
