"""The kernel's own calls, by name: numbers for two machines, through libc's `syscall`."""

from __future__ import annotations

import ctypes
import functools
import os
import platform
from collections.abc import Sequence
from typing import Any, NamedTuple

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long


class Machine(NamedTuple):
    """What differs between processors. `audit` is AUDIT_ARCH_… of linux/audit.h."""

    audit: int
    column: int  #: in the tables of numbers
    x32: bool  #: whether numbers from 0x40000000 on are a second ABI of the same processor


MACHINES = {"x86_64": Machine(0xC000003E, 0, True), "aarch64": Machine(0xC00000B7, 1, False)}

#: Calls that build the jail, made before it closes: x86-64, aarch64.
_BUILDING = {
    "capset": (126, 91),
    "close_range": (436, 436),
    "landlock_add_rule": (445, 445),
    "landlock_create_ruleset": (444, 444),
    "landlock_restrict_self": (446, 446),
    "mount_setattr": (442, 442),
    "move_mount": (429, 429),
    "open_tree": (428, 428),
    "pivot_root": (155, 41),
    "seccomp": (317, 277),
}


@functools.cache
def machine() -> Machine:
    """This machine. Raises `OSError` for one that has no table."""
    name = platform.machine()
    if name not in MACHINES:
        raise OSError(f"the jail knows x86_64 and aarch64, and this machine is {name}")
    return MACHINES[name]


def call(name: str, *args: Any) -> int:
    """Make a call that libc may not wrap. Raises `OSError` that names it."""
    number = _BUILDING[name][machine().column]
    # Every argument takes a whole register: varargs would pass ints as 32 bits.
    registers = [ctypes.c_long(arg) if isinstance(arg, int) else arg for arg in args]
    return check_result(name, libc.syscall(ctypes.c_long(number), *registers))


def check_result(name: str, result: int) -> int:
    """The result of a C function, or its `OSError`."""
    if result < 0:
        errno = ctypes.get_errno()
        raise OSError(errno, f"{name}: {os.strerror(errno)}")
    return result


def prctl(option: int, *values: int) -> None:
    """Set a property of this process."""
    padded: Sequence[int] = (*values, 0, 0, 0, 0)[:4]
    check_result("prctl", libc.prctl(option, *map(ctypes.c_ulong, padded)))
