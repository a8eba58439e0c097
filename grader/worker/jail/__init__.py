"""The jail: what stands between a submission and everything else.

Theory of operation, in the order in which it happens.

1. Once, in the zygote, before any submission is near (`prepare`): numpy is imported, so it's known what a Python needs
   here (`view`). The zygote goes into namespaces of its own, with a root that holds nothing but that, read-only
   (`namespaces`). Where the host allows no namespaces it stays where it is, and the isolation level says so. It
   draws up Landlock's rules and the filter for system calls, forks a first child, and has it try the jail (`selftest`).
2. In every child, between fork and the first byte of a submission (`enter`), each step making the next one safe:
   descriptors      only the line to the grader is left; 0, 1 and 2 lead nowhere
   rlimits          processor time, memory, stack; nothing written, no core, no locked memory
   uid              root becomes nobody (or has a user namespace), so that root's files aren't its own
   capabilities     all sets are emptied
   no_new_privs     nothing that is run later can gain any
   landlock         files: reads of the view, nothing else; no TCP; no signals or abstract sockets to outside
   seccomp          about seventy system calls, each with its reason in `allowed`; foreign ABIs end the process
3. No layer is taken on trust or alone. Files are closed off by the root, by Landlock and by the uid; the network by a
   namespace, by Landlock and by seccomp; other processes by the pid namespace, by Landlock's scope and by seccomp. A
   layer that can't be set up raises, the child ends before it has seen a submission, and nothing is graded.

What is security here: the layers above, enforced by the kernel. What only prevents accidents: everything else in
grader/worker (captured output, stand-ins, the import rules), because a submission runs in the same interpreter.
What isn't promised: that timing and caches tell nothing; without namespaces, that nobody can tell by `stat` whether a
guessed path exists.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib.machinery import PathFinder
from typing import NamedTuple

from . import descriptors, landlock, namespaces, privileges, rlimits, seccomp, view
from .kernel import libc


class PreparedJail(NamedTuple):
    """What the zygote has prepared for its children."""

    nowhere: int  #: a descriptor of the null device
    rules: int  #: Landlock's
    filter: bytes  #: seccomp's
    mapped_bytes: int
    drops_root: bool
    parent: int  #: the zygote, as its children see it


class Terms(NamedTuple):
    """What one child gets. The limits are the kernel's: a backstop behind the grader's own clocks."""

    line: int
    cpu_seconds: int
    memory_bytes: int


def _close_descriptors(cell: PreparedJail, terms: Terms) -> None:
    descriptors.keep_only(terms.line, cell.nowhere, cell.rules)


def _limit(cell: PreparedJail, terms: Terms) -> None:
    rlimits.limit(terms.cpu_seconds, terms.memory_bytes, cell.mapped_bytes)


def _leave_root(cell: PreparedJail, terms: Terms) -> None:
    if cell.drops_root:
        privileges.become_nobody()


def _drop_capabilities(cell: PreparedJail, terms: Terms) -> None:
    privileges.die_with_parent(cell.parent)  # a change of uid would have cleared it
    privileges.drop_capabilities()


def _refuse_new_privileges(cell: PreparedJail, terms: Terms) -> None:
    privileges.refuse_new()


def _restrict_files(cell: PreparedJail, terms: Terms) -> None:
    landlock.restrict(cell.rules)
    os.close(cell.rules)


def _filter_calls(cell: PreparedJail, terms: Terms) -> None:
    seccomp.install(cell.filter)


#: The layers of every child, in the order in which they close. Their names stand in every report ("uid": as root).
LAYERS: dict[str, Callable[[PreparedJail, Terms], None]] = {
    "descriptors": _close_descriptors,
    "rlimits": _limit,
    "uid": _leave_root,
    "capabilities": _drop_capabilities,
    "no_new_privs": _refuse_new_privileges,
    "landlock": _restrict_files,
    "seccomp": _filter_calls,
}


class NotLockedInError(Exception):
    """A layer failed. `line` is the descriptor on which to say so."""

    def __init__(self, layer: str, problem: Exception, line: int) -> None:
        super().__init__(f"the jail's layer {layer!r} can't be set up: {problem}")
        self.line = line


def enter_jail(cell: PreparedJail, terms: Terms) -> int:
    """Lock this process in for good. The number of the only descriptor that is left. Raises `NotLockedInError`."""
    line = terms.line
    for name, close in LAYERS.items():
        try:
            close(cell, terms)
        except Exception as problem:
            raise NotLockedInError(name, problem, line) from problem
        line = descriptors.LINE  # from the first layer on
    return line


class JailReport(NamedTuple):
    """How the zygote stands. `missing` is why there are no namespaces, where there are none."""

    level: str
    layers: tuple[str, ...]
    missing: str


def prepare_jail(entries: tuple[str, ...]) -> tuple[PreparedJail, JailReport]:
    """Build the walls around this process, the zygote, and all that its children need to lock themselves in.

    Raises `OSError` where something is missing that must be there.
    """
    if len(os.listdir("/proc/self/task")) != 1:
        raise OSError("numpy has started threads, and a process with threads can't fork safely")
    os.setsid()  # no terminal, and no Ctrl-C meant for the grader; once here, since it takes the kernel 3 ms
    _use_real_paths()
    seen = view.view(entries)
    nowhere = descriptors.park(os.open(os.devnull, os.O_RDWR))
    mapped_bytes = rlimits.address_space()
    is_root = privileges.is_droppable_root()
    own_user, missing = _enter_namespaces(seen)
    PathFinder.find_spec("_grade_no_such_module")  # has the import system list its folders, while it still may
    rules = descriptors.park(landlock.ruleset(seen.readable()))
    _scrub_environment()
    drops_root = is_root and not own_user
    cell = PreparedJail(nowhere, rules, seccomp.program(), mapped_bytes, drops_root, os.getpid())
    layers = tuple(name for name in LAYERS if name != "uid" or drops_root)
    if missing:
        return cell, JailReport("no-namespaces", layers, missing)
    return cell, JailReport("full", ("namespaces", *(["user namespace"] if own_user else []), *layers), "")


def _enter_namespaces(seen: view.ReadableFiles) -> tuple[bool, str]:
    """Whether there is a user namespace of our own, and why there are no namespaces at all."""
    try:
        return namespaces.enter(seen), ""
    except OSError as problem:
        return False, str(problem)


def _scrub_environment() -> None:
    """Leave the numbers of threads alone: a granted package may bring a BLAS of its own, which would start some."""
    kept = {name: value for name, value in os.environ.items() if name.endswith("_NUM_THREADS")}
    libc.clearenv()
    os.environ.clear()
    os.environ.update(kept)


def _use_real_paths() -> None:
    """Import by paths without links from now on: the new root has the folders themselves, not the links to them."""
    real = [os.path.realpath(path) for path in sys.path]
    if real == sys.path:
        return
    sys.path[:] = real
    for module in list(sys.modules.values()):
        path = getattr(module, "__path__", None)
        if type(path) is list:
            path[:] = [os.path.realpath(entry) for entry in path]
