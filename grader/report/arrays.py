"""Arrays as text, for eyes that compare them: few digits, aligned columns, wrong entries marked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|\.\d+|inf|nan)(?![\w])")
_IN_A_ROW = re.compile(rf"(?<=[\[ ]) *({_NUMBER.pattern})(?: +(?=[,\]]))?")
_LONGEST = 20_000  # characters: what is longer stays as it is


class Segment(NamedTuple):
    """A stretch of an answer, and whether it is wrong."""

    text: str
    is_wrong: bool


def shorten_array(text: str, digits: int = 4) -> str:
    """The text of an array with so many significant digits, its columns aligned again; other text as it is."""
    if _NUMBER.fullmatch(text):
        return _shorten(text, digits)
    if len(text) > _LONGEST or "[" not in text:
        return text
    short = [_shorten(found[1], digits) for found in _IN_A_ROW.finditer(text)]
    width = max(map(len, short), default=0) if "\n" in text else 0
    numbers = iter(short)
    return _IN_A_ROW.sub(lambda _: next(numbers).rjust(width), text)


def _shorten(number: str, digits: int) -> str:
    if not re.search(r"[.e]", number):
        return number
    return f"{float(number) + 0.0:.{digits}g}"  # no sign on a zero


def compare(got: str, due: str) -> tuple[str, str]:
    """Both with few digits, unless they differ later only."""
    short = shorten_array(got), shorten_array(due)
    return short if short[0] != short[1] else (shorten_array(got, 8), shorten_array(due, 8))


def split_wrong(got: str, due: str) -> list[Segment]:
    """`got` in stretches, its numbers that differ from those at the same places in `due` marked.

    One stretch, unmarked, where the two can't be held against each other, or all of it is wrong.
    """
    here, there = _NUMBER.findall(got), _NUMBER.findall(due)
    wrong = [a != b for a, b in zip(here, there, strict=False)]
    if len(here) != len(there) or len(here) < 2 or all(wrong) or not any(wrong) or len(got) > _LONGEST:
        return [Segment(got, False)]
    return [each for each in _stretches(got, wrong) if each.text]


def _stretches(got: str, wrong: list[bool]) -> Iterator[Segment]:
    end = 0
    for found, is_wrong in zip(_NUMBER.finditer(got), wrong, strict=True):
        if is_wrong:
            yield Segment(got[end : found.start()], False)
            yield Segment(found[0], True)
            end = found.end()
    yield Segment(got[end:], False)
