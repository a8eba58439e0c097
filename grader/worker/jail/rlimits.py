"""How much a child may use, as far as the kernel counts it per process. The grader's own clocks are stricter."""

from __future__ import annotations

import resource

_STACK_BYTES = 64 << 20  # deep recursion ends in RecursionError, not in a crash; and a C stack can't fill the memory
_DESCRIPTORS = 32
_AFTER_SIGNAL_SECONDS = 2  # from SIGXCPU, which says that it was the time, to SIGKILL, which nobody can catch


def address_space() -> int:
    """Bytes that this process has mapped already: numpy and its libraries, which no submission should pay for."""
    with open("/proc/self/statm", "rb") as file:
        pages = int(file.read().split()[0])
    return pages * resource.getpagesize()


def limit(cpu_seconds: int, memory_bytes: int, already: int) -> None:
    """Set limits, of which only that of processor time is told by a signal before it is hard.

    Args:
        memory_bytes: they come on top of what is mapped `already`.
    """
    for kind, value in (
        (resource.RLIMIT_CPU, cpu_seconds + _AFTER_SIGNAL_SECONDS),
        (resource.RLIMIT_AS, already + memory_bytes),
        (resource.RLIMIT_STACK, _STACK_BYTES),
        (resource.RLIMIT_NOFILE, _DESCRIPTORS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        soft = max(1, most - _AFTER_SIGNAL_SECONDS) if kind == resource.RLIMIT_CPU else most
        resource.setrlimit(kind, (soft, most))
