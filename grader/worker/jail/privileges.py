"""Who a child is: nobody, without any capability, and without a way to gain one."""

from __future__ import annotations

import ctypes
import os
import signal

from .kernel import call, prctl

NOBODY = 65534  # the kernel's overflow id: the owner of nothing that matters

# include/uapi/linux/prctl.h
_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38
_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL = 47, 4

_CAPABILITY_VERSION_3 = 0x20080522  # include/uapi/linux/capability.h: two sets of three words


def is_droppable_root() -> bool:
    """Whether this process is root and can become nobody.

    A root that can't, because its user namespace knows no other uid, is some ordinary user in truth: it owns that
    user's files and no others.
    """
    with open("/proc/self/uid_map", "rb") as file:
        spans = [line.split() for line in file]
    return os.geteuid() == 0 and any(int(first) <= NOBODY < int(first) + int(count) for first, _, count in spans)


def become_nobody() -> None:
    """Leave root behind. Lazy imports then need a Python that everybody may read, or a root of its own."""
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)


def drop_capabilities() -> None:
    """Empty all sets. What is left in the bounding set can't be gained: there is no exec, and no new privileges."""
    prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    call("capset", ctypes.byref(header), ctypes.byref((ctypes.c_uint32 * 6)()))


def refuse_new() -> None:
    """No program that is run from here gains anything (setuid bits are ignored); Landlock and seccomp ask for it."""
    prctl(_PR_SET_NO_NEW_PRIVS, 1)
    prctl(_PR_SET_DUMPABLE, 0)


def die_with_parent(parent: int) -> None:
    """Get SIGKILL when the parent's thread ends. To be called after the last change of uid, which clears it."""
    prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)  # it had gone before we could ask
