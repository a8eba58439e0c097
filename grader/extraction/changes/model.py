"""What a change is: records alone, which both sides of the wall know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

#: Of one function so many changes are tried.
MOST_CHANGES = 3_000
#: Longer definitions are left alone: to try them would take longer than anybody waits.
MOST_LETTERS = 40_000


class Change(NamedTuple):
    """A stretch of a module's text in another wording."""

    start: int  #: in letters of the module's text
    end: int
    text: str
    words: str  #: what it is about, in words that a student understands: "the axis"
    line: int  #: of the module, from 1
    key: str = ""  #: the same for the same change, whatever its variables are called


def join_changes(source: str, changes: Sequence[Change]) -> Change | None:
    """Several changes of a text as one; None where they touch each other. What it is about is what the first is."""
    first, *others = sorted(changes)
    joined = first
    for other in others:
        if other.start <= joined.end:
            return None
        text = joined.text + source[joined.end : other.start] + other.text
        joined = joined._replace(end=other.end, text=text)
    return joined._replace(key="; ".join(filter(None, dict.fromkeys(each.key for each in (first, *others)))))


class Changes(NamedTuple):
    """A function's definition in the text of its module, and the changes that may be tried."""

    module: str
    start: int
    end: int
    name_start: int
    name_end: int
    changes: tuple[Change, ...]
