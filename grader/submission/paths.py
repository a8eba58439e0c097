"""Paths within what was handed in: always with slashes, wherever it came from. `pathlib` would delay each start."""

from __future__ import annotations

from functools import lru_cache


def parts_of(path: str) -> tuple[str, ...]:
    """The folders and the name: ("part 1", "q1.py") of "part 1//./q1.py"; of an absolute path "/" comes first."""
    root = ("/",) if path.startswith("/") else ()
    return (*root, *(part for part in path.split("/") if part not in ("", ".")))


@lru_cache(maxsize=1024)
def name_of(path: str) -> str:
    """The last part: "q1.py"; nothing where there is none."""
    return next(reversed(parts_of(path)), "").strip("/")


@lru_cache(maxsize=1024)
def plain_stem(path: str) -> str:
    """The name without its suffix: "q1" of "part 1/q1.py", ".profile" of ".profile"."""
    name = name_of(path)
    at = name.rfind(".")
    return name[:at] if 0 < at < len(name) - 1 else name
