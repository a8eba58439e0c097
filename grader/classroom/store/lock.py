"""One run at a time in a folder of results: the system takes its lock back when the run ends, however it ends."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from grader.errors import UsageError


@contextmanager
def lock(out: Path) -> Iterator[None]:
    """Make OUT with its folders, and hold it for one run.

    Raises:
        UsageError: it can't be made or written in, or another run is at work in it.
    """
    private = out / "private"
    try:
        (private / "reports").mkdir(parents=True, exist_ok=True)
        if (out / "return").is_dir() and not (private / "preview").exists():
            (out / "return").rename(private / "preview")  # as older versions called it, before anything was published
        for folder in (out / "feedback", private / "preview"):
            folder.mkdir(exist_ok=True)
        private.chmod(0o700)
        lock = os.open(private / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise UsageError(f"{out}: results can't be written here: {error.strerror or error}") from None
    try:
        if not _take(lock):
            raise UsageError(f"{out}: another run is grading into this folder; wait for it, or give another with -o")
        yield
    finally:
        os.close(lock)


def _take(lock: int) -> bool:
    """Whether the lock is ours now. The system frees it with the process, however that ends."""
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        take: Any = lambda: msvcrt.locking(lock, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]  # noqa: E731
    else:
        take = lambda: fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # noqa: E731
    try:
        take()
    except OSError:
        return False
    return True
