"""Write a file whole or not at all."""

from __future__ import annotations

import secrets
from contextlib import suppress
from pathlib import Path

from grader.errors import UsageError


def write_text(path: Path, text: str) -> None:
    """Write `text` as UTF-8 beside `path`, then put it in its place in one step. Raises UsageError."""
    write_bytes(path, text.encode())


def write_bytes(path: Path, data: bytes) -> None:
    """Write `data` beside `path`, then put it in its place in one step. Raises UsageError."""
    target = path.resolve() if path.is_symlink() else path
    # Not tempfile: its files are for their owner only, and would stay so once renamed.
    scratch = target.with_name(f".{target.name[:100]}.{secrets.token_hex(4)}.tmp")
    try:
        with scratch.open("xb") as file:
            file.write(data)
        scratch.replace(target)
    except OSError as error:
        raise UsageError(f"{path}: can't be written: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            scratch.unlink()
