"""The jail, as far as it stands: resource limits, closed descriptors, no new privileges. The rest goes in here."""

from __future__ import annotations

import ctypes
import os
import resource
from typing import Any

NOT_LOCKED_IN = 121  # a child's exit status when a layer of the jail failed: our fault, never the submission's
LINE = 3  # the child's one descriptor beside 0, 1 and 2

_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def prepare(configuration: dict[str, Any]) -> str:
    """What the zygote does once; which layers there will be."""
    return "partial rlimits descriptors no_new_privs"


def enter(line: int, cpu_seconds: int, memory_bytes: int) -> int:
    """Lock this process in for good. The number of the only descriptor that is left."""
    os.setsid()
    _close_descriptors(line)
    _limit(cpu_seconds, memory_bytes)
    if _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or _libc.prctl(_PR_SET_PDEATHSIG, 9, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")
    return LINE


def _close_descriptors(line: int) -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.dup2(line, LINE)
    os.closerange(LINE + 1, 1 << 16)


def _limit(cpu_seconds: int, memory_bytes: int) -> None:
    with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123
        already = int(statm.read().split()[0]) * resource.getpagesize()
    for kind, value in (
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_AS, already + memory_bytes),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 32),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
    ):
        resource.setrlimit(kind, (value, value))
