"""The texts that a cell or script may be parsed as: whole, without a notebook's magics, or stretch by stretch."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from grader.submission import Cell

#: Cell magics whose body is Python, run once.
_TRANSPARENT = frozenset({"time", "timeit", "capture", "prun"})
_CELL_MAGIC = re.compile(r"\s*%%(\w+)")
#: No blank after the sign: `% 5)` goes on with a formatted string or a remainder.
_AT_MARGIN = re.compile(r"%%?[A-Za-z_]|![^=\s]|\?{1,2}[A-Za-z_]")
_INDENTED = re.compile(r"\s*(?:%%?[A-Za-z_]|![^=\s])|[\w\s,.\[\]]+=\s*[!%][A-Za-z_]")
_HELP = re.compile(r"[\w.%*]+\?{1,2}\s*$")
_BEGINS = re.compile(r"(?!(?:else|elif|except|finally)\b)[^\W\d]|@")


class Candidate(NamedTuple):
    """One text that might parse; `line` is where it begins in its cell, from 1; `magics` are lines taken out of it."""

    text: str
    line: int = 1
    magics: tuple[int, ...] = ()


class Candidates(NamedTuple):
    """What one cell may be parsed as: the first of `wholes` that parses, else those of `stretches` that do.

    `foreign` names the cell magic of a cell that isn't Python.
    """

    wholes: tuple[Candidate, ...]
    stretches: tuple[Candidate, ...] = ()
    foreign: str | None = None

    @property
    def all(self) -> tuple[Candidate, ...]:
        """In the order in which they are sent to the parser."""
        return self.wholes + self.stretches


def candidates_of(cell: Cell) -> Candidates:
    """The candidates of a cell, the same at each call."""
    if cell.number is None:
        stretches = _stretches(cell.text)
        return Candidates((Candidate(cell.text),), stretches if len(stretches) > 1 else ())
    if found := _CELL_MAGIC.match(cell.text):
        if found[1] not in _TRANSPARENT:
            return Candidates((), foreign=f"%%{found[1]}")
        body = cell.text[found.end() :].partition("\n")[2]
        above = cell.text.count("\n", 0, found.end())
        return _unlike(Candidate("\n" * (above + 1) + body, 1, (above + 1,)))
    return _unlike(Candidate(cell.text))


def _unlike(raw: Candidate) -> Candidates:
    """The raw text first: what parses as Python is no magic. Then without magics at the margin, then without any."""
    found = {raw.text: raw}
    for is_magic in (_is_magic_at_margin, _is_magic):
        text, magics = _without(raw.text, is_magic)
        found.setdefault(text, Candidate(text, 1, raw.magics + magics))
    return Candidates(tuple(found.values()))


def _is_magic_at_margin(line: str) -> bool:
    return bool(_AT_MARGIN.match(line) or _HELP.match(line))


def _is_magic(line: str) -> bool:
    return bool(_is_magic_at_margin(line) or _INDENTED.match(line))


def _without(text: str, is_magic: Callable[[str], bool]) -> tuple[str, tuple[int, ...]]:
    """The text with `pass` for each magic (it may be all that a block holds), and the numbers of those lines."""
    lines = text.split("\n")
    magics = tuple(number for number, line in enumerate(lines, 1) if is_magic(line))
    for number in magics:
        line = lines[number - 1]
        lines[number - 1] = line[: len(line) - len(line.lstrip())] + "pass"
    return "\n".join(lines), magics


def _stretches(text: str) -> tuple[Candidate, ...]:
    """A script cut at the lines where a statement may begin: one broken function need not take the others along."""
    lines = text.split("\n")
    starts = [0]
    decorated = False
    for number, line in enumerate(lines):
        if _BEGINS.match(line):
            if not decorated and number:
                starts.append(number)
            decorated = line.startswith("@")
    ends = [*starts[1:], len(lines)]
    cut = (Candidate("\n".join(lines[start:end]), start + 1) for start, end in zip(starts, ends, strict=True))
    return tuple(candidate for candidate in cut if candidate.text.strip())
