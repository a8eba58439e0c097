"""The texts that a cell or script may be parsed as: whole, without a notebook's magics, or stretch by stretch."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from ..submission.reading import Cell, dotted

#: Cell magics whose body is Python, run once.
_TRANSPARENT = frozenset({"time", "timeit", "capture", "prun"})
_CELL_MAGIC = re.compile(r"\s*%%(\w+)")
_SIGN = re.compile("[%!?]")  #: what every magic begins or ends with
#: No blank after the sign: `% 5)` goes on with a formatted string or a remainder.
_AT_MARGIN = re.compile(r"%%?[A-Za-z_]|![^=\s]|\?{1,2}[A-Za-z_]")
_INDENTED = re.compile(r"\s*(?:%%?[A-Za-z_]|![^=\s])|[\w\s,.\[\]]+=\s*[!%][A-Za-z_]")
_HELP = re.compile(r"[\w.%*]+\?{1,2}\s*$")
_GOES_ON = r"(?!(?:else|elif|except|finally)\b)"
_BEGINS = re.compile(_GOES_ON + r"[^\W\d]|@")
#: What ends an indented definition, at the margin: `>>> f(1)`, `<<<<<<< HEAD`, a Ctrl-Z, a text without its end.
_ENDS = re.compile(_GOES_ON + r"[^\s#)\]}]")
#: `%pylab` is a magic that notebooks of old got numpy from.
_PYLAB = re.compile(r"%pylab\b")
_AS_PYLAB = (
    "import numpy; import numpy as np; from numpy import *; from builtins import abs, bool, max, min, pow, round"
)
#: `%run helpers.py` gives a notebook all that the file defines.
_RUN = re.compile(r"%run\s+(?:-i\s+)?([\"']?)([\w./ -]+?)(?:\.py|\.ipynb)?\1\s*$")


class Candidate(NamedTuple):
    """One text that might parse; `line` is where it begins in its cell, from 1; `magics` are lines taken out of it.

    A `part` is of use only where the stretch before it, of which it is one half, doesn't parse.
    """

    text: str
    line: int = 1
    magics: tuple[int, ...] = ()
    part: bool = False


class Candidates(NamedTuple):
    """What one cell may be parsed as: the first of `wholes` that parses, else those of `stretches` that do.

    A script may hold magics too: it may be a notebook's export.

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
        stretches = _stretches(*_without(cell.text, _is_magic_at_margin))
        return _unlike(Candidate(cell.text))._replace(stretches=stretches if len(stretches) > 1 else ())
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
    plain = _dedented(raw.text)
    found.setdefault(plain, raw._replace(text=plain))
    for is_magic in (_is_magic_at_margin, _is_magic):
        text, magics = _without(plain, is_magic)
        found.setdefault(text, Candidate(text, 1, raw.magics + magics))
    return Candidates(tuple(found.values()))


def _dedented(text: str) -> str:
    """Without the indentation of the first line of code, which notebooks take off a cell."""
    first = re.match(r"\s*\n|", text)
    indent = re.match(r"[ \t]*", text[first.end() if first else 0 :])
    return re.sub(rf"^{indent[0]}", "", text, flags=re.MULTILINE) if indent and indent[0] else text


def _is_magic_at_margin(line: str) -> bool:
    return bool(_AT_MARGIN.match(line) or _HELP.match(line))


def _is_magic(line: str) -> bool:
    return bool(_is_magic_at_margin(line) or _INDENTED.match(line))


def _without(text: str, is_magic: Callable[[str], bool]) -> tuple[str, tuple[int, ...]]:
    """The text with `pass` for each magic (it may be all that a block holds), and the numbers of those lines."""
    if not _SIGN.search(text):
        return text, ()
    lines = text.split("\n")
    magics = []
    goes_on = False
    for number, line in enumerate(lines, 1):
        continued, found = goes_on, goes_on or is_magic(line)
        goes_on = found and line.endswith("\\")
        if found and not continued and (same := _in_python(line)):
            lines[number - 1] = same
        elif found:
            magics.append(number)
            lines[number - 1] = "" if continued else line[: len(line) - len(line.lstrip())] + "pass"
    return "\n".join(lines), tuple(magics)


def _in_python(magic: str) -> str | None:
    """What a magic does, where that is to give names, as Python."""
    if _PYLAB.match(magic):
        return _AS_PYLAB
    if found := _RUN.match(magic):
        return f"from {dotted(found[2])[-1]} import *"
    return None


def _stretches(text: str, magics: tuple[int, ...]) -> tuple[Candidate, ...]:
    """A script cut at the lines where a statement may begin: one broken function need not take the others along."""
    lines = text.split("\n")
    starts = [0]
    decorated = False
    for number, line in enumerate(lines):
        if _BEGINS.match(line):
            if not decorated and number:
                starts.append(number)
            decorated = line.startswith("@")
    cut = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        own = tuple(number - start for number in magics if start < number <= end)
        cut.extend(_halved(Candidate("\n".join(lines[start:end]), start + 1, own)))
    return tuple(candidate for candidate in cut if candidate.text.strip())


def _halved(stretch: Candidate) -> list[Candidate]:
    """A stretch, and its two halves where something at the margin may be what doesn't parse."""
    lines = stretch.text.split("\n")
    begun = next((number for number, line in enumerate(lines) if _BEGINS.match(line) and line[0] != "@"), 0)
    end = next((number for number in range(begun + 1, len(lines)) if _ENDS.match(lines[number])), None)
    if end is None:
        return [stretch]
    head = Candidate("\n".join(lines[:end]), stretch.line, stretch.magics, part=True)
    return [stretch, head, Candidate("\n".join(lines[end:]), stretch.line + end, part=True)]
