"""Code and exceptions without what differs from student to student: the names of variables, shapes, addresses."""

from __future__ import annotations

import builtins
import keyword
import re

#: A name that isn't an attribute or the name of a keyword argument.
_NAME = re.compile(r"(?<![\w.])[^\W\d]\w*(?!\s*=[^=])")
_NUMBERED = re.compile(r"\bv\d+\b")
_KEPT = frozenset({*dir(builtins), *keyword.kwlist, "np", "numpy", "math"})
_ADDRESS = re.compile(r"0x[0-9a-f]+")
_SHAPE = re.compile(r"\(\s*\d+(?:\s*,\s*\d+)*\s*(?:,\s*)?\)|\d+")
_LONGEST = 2_000


def without_names(text: str) -> str:
    """Code with numbers for the names of variables, in the order in which they come, and without blanks."""
    numbers: dict[str, str] = {}

    def renamed(found: re.Match[str]) -> str:
        name = found[0]
        return name if name in _KEPT else numbers.setdefault(name, f"v{len(numbers)}")

    return "".join(_NAME.sub(renamed, text[:_LONGEST]).split())


def without_shapes(text: str) -> str:
    """What an exception said, with no numbers, shapes or addresses in it."""
    return " ".join(_SHAPE.sub("#", _ADDRESS.sub("#", text[:_LONGEST])).split())


def turn_around(key: str) -> str:
    """The key of the change back: `v0*v1 -> v1` for `v0 -> v1*v0`."""
    old, arrow, new = key.partition(" -> ")
    numbers: dict[str, str] = {}
    return _NUMBERED.sub(lambda found: numbers.setdefault(found[0], f"v{len(numbers)}"), f"{new}{arrow}{old}")


def says_something(key: str) -> bool:
    """Whether the key of a change is more than names and signs, which any two changes may share."""
    return re.search(r"[^\W\d]", _NUMBERED.sub("", key)) is not None
