"""The modes in which every attack runs: what a host may offer a grader, arranged on this one.

`python modes.py MODE SCRIPT …` arranges a mode for this process and becomes `python SCRIPT …` in it. A host that can't
offer a mode ends it with NOT_OFFERED. Everything is private to the process: no setting of the host is touched.
"""

from __future__ import annotations

import ctypes
import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, NoReturn

from grader.worker.jail.kernel import call, check_result, libc
from grader.worker.jail.privileges import NOBODY, become_nobody

NOT_OFFERED = 77
ROOT = Path(__file__).resolve().parents[2]

# include/uapi/linux/sched.h, mount.h
_NEW_MOUNTS, _NEW_USER, _NEW_PIDS, _NEW_IPC = 0x00020000, 0x10000000, 0x20000000, 0x08000000
_MS_REC, _MS_PRIVATE = 0x4000, 1 << 18
_CLONE_TREE, _FROM_DESCRIPTOR, _HERE = 0x8001, 4, -100

_KINDS = ("user", "mnt", "pid", "net", "ipc", "uts", "cgroup")
_MOST_PROCESSES = 64


def _private_mounts() -> None:
    check_result("unshare", libc.unshare(_NEW_MOUNTS))
    check_result("mount", libc.mount(None, b"/", None, ctypes.c_ulong(_MS_REC | _MS_PRIVATE), None))


def open_python() -> None:
    """Let everybody read this Python, even one in a closed home folder: its parts on a tmpfs in that folder's place."""
    needed = {Path(path).resolve() for path in (sys.executable, sys.prefix, sys.base_prefix, ROOT)}
    closed: dict[Path, list[Path]] = {}
    for path in sorted(needed):
        folder = next((p for p in reversed(path.parents) if not p.stat().st_mode & 0o001), None)
        if folder is not None and not any(path.is_relative_to(other) for other in closed.get(folder, [])):
            closed.setdefault(folder, []).append(path)
    if closed:
        _private_mounts()
    for folder, parts in closed.items():
        trees = [(part, call("open_tree", _HERE, os.fsencode(part), _CLONE_TREE)) for part in parts]
        check_result("mount", libc.mount(b"tmpfs", os.fsencode(folder), b"tmpfs", ctypes.c_ulong(0), b"mode=755"))
        for part, tree in trees:
            part.mkdir(parents=True)
            call("move_mount", tree, b"", _HERE, os.fsencode(part), _FROM_DESCRIPTOR)


def forbid_namespaces() -> None:
    """Go into a user namespace in which no further one may be made, of any kind."""
    _in_new_user_namespace(_NEW_USER)
    for kind in _KINDS:
        Path(f"/proc/sys/user/max_{kind}_namespaces").write_text("0", encoding="ascii")


def own_processes() -> None:
    """Go into a pid namespace, as its first process, which all others in it end with; and keep them few.

    And into an ipc namespace, so that what lasts beyond processes ends too.
    """
    if os.geteuid() == 0:
        check_result("unshare", libc.unshare(_NEW_PIDS | _NEW_IPC))
    else:
        _in_new_user_namespace(_NEW_USER | _NEW_PIDS | _NEW_IPC)
    _continue_in_child()
    _private_mounts()
    check_result("mount", libc.mount(b"proc", b"/proc", b"proc", ctypes.c_ulong(0), None))
    resource.setrlimit(resource.RLIMIT_NPROC, (_MOST_PROCESSES, _MOST_PROCESSES))


def _in_new_user_namespace(flags: int) -> None:
    """A root maps everybody, so that it can still become nobody; anybody else maps itself, as root."""
    uid, gid = os.geteuid(), os.getegid()
    made, mapped = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        check_result("unshare", libc.unshare(flags))
        os.write(made[1], b".")
        os.read(mapped[0], 1)
        return
    os.read(made[0], 1)
    if uid != 0:
        Path(f"/proc/{child}/setgroups").write_text("deny", encoding="ascii")
    for name, own in (("uid_map", uid), ("gid_map", gid)):
        Path(f"/proc/{child}/{name}").write_text(f"0 0 {NOBODY + 1}" if uid == 0 else f"0 {own} 1", encoding="ascii")
    os.write(mapped[1], b".")
    _end_like(child)


def _continue_in_child() -> None:
    child = os.fork()
    if child:
        _end_like(child)


def _end_like(child: int) -> NoReturn:
    os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) & 0xFF)


class Mode(NamedTuple):
    """A way to run the grader, and the isolation level that it must then report."""

    level: str
    steps: tuple[Callable[[], None], ...]


#: What only root can arrange; where the tests run as somebody else, the ordinary user is that one.
AS_ROOT: dict[str, Mode] = {
    "root": Mode("full", ()),
    "root without namespaces": Mode("no-namespaces", (open_python, forbid_namespaces)),
    "an ordinary user": Mode("full", (open_python, become_nobody)),
    "an ordinary user without namespaces": Mode("no-namespaces", (open_python, forbid_namespaces, become_nobody)),
}
AS_SOMEBODY: dict[str, Mode] = {
    "an ordinary user": Mode("full", ()),
    "an ordinary user without namespaces": Mode("no-namespaces", (forbid_namespaces,)),
}
MODES = AS_ROOT if os.geteuid() == 0 else AS_SOMEBODY

#: Where layers are taken away: no namespace to fall back on, nobody's rights, and few processes, all in one namespace.
BARE = "bare"
_BARE_AS_ROOT = (open_python, own_processes, forbid_namespaces, become_nobody)
_ALL = {
    **MODES,
    BARE: Mode("no-namespaces", _BARE_AS_ROOT if os.geteuid() == 0 else (own_processes, forbid_namespaces)),
}


def command(mode: str, script: Path, *args: str) -> list[str]:
    """What runs a Python script in a mode."""
    return [sys.executable, str(Path(__file__).resolve()), mode, str(script), *args]


def environment() -> dict[str, str]:
    """For that command."""
    return {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}", "PYTHONDONTWRITEBYTECODE": "1", "PATH": "/usr/bin:/bin"}


def main() -> NoReturn:
    mode, *script = sys.argv[1:]
    try:
        for step in _ALL[mode].steps:
            step()
    except OSError as problem:
        print(f"this host doesn't offer the mode {mode!r}: {problem}", file=sys.stderr)
        sys.exit(NOT_OFFERED)
    os.execv(sys.executable, [sys.executable, *script])


if __name__ == "__main__":
    main()
