"""The zygote's control line: what is asked on it, and what is answered. Needs no numpy, so that asking can begin early.

Every message is one packet, named by its first byte: fork, reap and hide; ready and error. A zygote that
was started ahead gets its configuration before all of these.
"""

from __future__ import annotations

import math
import struct

FORK, REAP, HIDE, READY, ERROR = b"F", b"R", b"H", b"Y", b"E"

#: Fork: seconds of processor time, bytes of memory; answered by the child's number (and its pidfd).
ASK_FORK = struct.Struct("<cQQ")
FORKED = struct.Struct("<cI")
#: Reap: the child's number; answered by its status (negative: a signal) and its processor seconds.
ASK_REAP = struct.Struct("<cI")
REAPED = struct.Struct("<cid")


#: Whole seconds of processor time for reading what was handed in, at most: see `grader.limits`.
READING_SECONDS = 30


#: The kernel's limit stands so far behind our own clock. It counts in ticks, and so ends a process early: on a busy
#: machine after 83 % of its time, as was measured, and after more than all of it where a process sleeps between ticks.
KERNEL_FACTOR = 1.5


def fork_request(cpu_seconds: float, memory_bytes: int) -> bytes:
    """The zygote's limits are the kernel's, in whole seconds and behind our own clock: a backstop."""
    seconds = KERNEL_FACTOR * (cpu_seconds + READING_SECONDS)
    return ASK_FORK.pack(FORK, math.ceil(seconds) + 1, memory_bytes)
