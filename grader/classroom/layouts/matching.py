"""What names of entries tell: whether an LMS made them, and which of them are newer copies of others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from grader.classroom.intake.trees.model import FolderEntry

#: The share of names that must match. Instructors add a file of their own, or two.
NEARLY_ALL = 0.8


def most_match(pattern: re.Pattern[str], names: Iterable[str]) -> bool:
    """Whether at least 80 % of the names match, and one does."""
    found = [pattern.fullmatch(name) is not None for name in names]
    return sum(found) >= max(NEARLY_ALL * len(found), 1)


#: What systems call a further file of a name that is taken: "hw1 (1).py".
_COPY = re.compile(r"(?P<stem>.+?) ?\((?P<number>\d{1,2})\)(?P<suffix>(?:\.tar)?\.[A-Za-z0-9]+)?", re.DOTALL)


class Copies(NamedTuple):
    """Entries that a system would have given one name."""

    name: str  #: that one, without a number
    newest: FolderEntry
    older: tuple[FolderEntry, ...] = ()


def group_copies(entries: Iterable[FolderEntry]) -> Iterator[Copies]:
    """The entries, of each name with the newest: `hw1 (2).py` came after `hw1.py`, where that is there."""
    entries = list(entries)
    there = {entry.name for entry in entries}
    groups: dict[str, list[tuple[int, FolderEntry]]] = {}
    for entry in entries:
        plain, number = _plain_name(entry.name)
        name, at = (plain, number) if plain in there else (entry.name, 0)
        groups.setdefault(name, []).append((at, entry))
    for name, found in groups.items():
        *older, newest = (entry for _, entry in sorted(found))
        yield Copies(name, newest, tuple(older))


def _plain_name(name: str) -> tuple[str, int]:
    match = _COPY.fullmatch(name)
    return (match["stem"] + (match["suffix"] or ""), int(match["number"])) if match else (name, 0)
