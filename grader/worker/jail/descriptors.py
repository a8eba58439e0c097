"""A child has four descriptors: nothing to read, nowhere to write (twice), and the line to the grader."""

from __future__ import annotations

import fcntl
import os

from .kernel import call

LINE = 3
_PARKED = 200  # where the zygote keeps its own, out of the way of 0 to 3: dup2 onto one of them loses it silently


def park(descriptor: int) -> int:
    """Move a descriptor out of the way."""
    parked = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, _PARKED)
    os.close(descriptor)
    return parked


def keep_only(line: int, nowhere: int, rules: int) -> None:
    """Put `nowhere` on 0, 1 and 2 and `line` on 3, and close everything else but `rules`, which a later layer needs."""
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor, inheritable=False)
    if line != LINE:  # the kernel refuses a copy onto itself
        os.dup2(line, LINE, inheritable=False)
    call("close_range", LINE + 1, rules - 1, 0)
    call("close_range", rules + 1, 0xFFFFFFFF, 0)
