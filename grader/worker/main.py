"""The zygote: a warm Python with numpy that forks one child for each submission. And the same without any fork.

Theory of operation. The trusted process starts this one with an empty environment and one end of a socketpair, the
control line; it may do so before it knows what for (see boot.py). The zygote imports numpy, says that it's ready, and
then answers two questions: "fork" (with a descriptor: the child's end of a new socketpair) and "reap" (end this child,
and say what the kernel knows about it). What was handed in and calls go over the child's own socketpair, never through
the zygote, so that a child is forked from a process that has never seen a submission. When the trusted process goes
away, its end of the control line closes, and the zygote goes too.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import Any, NoReturn

from .child import Connection, Read, serve_submission


def start(configuration: dict[str, Any], read: Read) -> NoReturn:
    """Be what the configuration asks for; never returns. `read` is what reads and slices a submission."""
    if configuration["mode"] == "none":
        serve_alone(configuration, read)
    from .zygote import serve_zygote  # Unix only, so not at the top

    serve_zygote(configuration, read)


def serve_alone(configuration: dict[str, Any], read: Read) -> NoReturn:
    """Serve one submission over stdin and stdout. Needs no fork and no module that only Unix has."""
    if sys.platform == "win32":
        import msvcrt

        for descriptor in (0, 1):
            msvcrt.setmode(descriptor, os.O_BINARY)
    reading, writing = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    import numpy.linalg  # noqa: F401 - before the clock of a call runs

    gc.enable()
    serve_submission(Connection(reading, writing), tuple(configuration["needed"]), read)
