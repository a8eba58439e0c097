"""The texts that a cell or script may be parsed as: whole, without a notebook's magics, or stretch by stretch."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from ..submission.patterns import late
from ..submission.reading import SourceCell, module_parts

#: Cell magics whose body is Python, run once.
_TRANSPARENT = frozenset({"time", "timeit", "capture", "prun"})
_CELL_MAGIC = late(r"\A\s*%%(\w+)")
_SIGN = late("[%!?]")  #: what every magic begins or ends with
#: No blank after the sign: `% 5)` goes on with a formatted string or a remainder.
_AT_MARGIN = late(r"%%?[A-Za-z_]|![^=\s]|\?{1,2}[A-Za-z_]")
_INDENTED = late(r"\A(?:\s*(?:%%?[A-Za-z_]|![^=\s])|[\w\s,.\[\]]+=\s*[!%][A-Za-z_])")
_HELP = late(r"\A[\w.%*]+\?{1,2}\s*$")
_MARKS = late(r"\"{3}|'{3}|#")
_GOES_ON = r"(?!(?:else|elif|except|finally)\b)"
_BEGINS = late(_GOES_ON + r"[^\W\d]|@")
#: What ends an indented definition, at the margin: `>>> f(1)`, `<<<<<<< HEAD`, a Ctrl-Z, a text without its end.
_ENDS = late(_GOES_ON + r"[^\s#)\]}]")
#: `%pylab` is a magic that notebooks of old got numpy from.
_PYLAB = late(r"%pylab\b")
_AS_PYLAB = (
    "import numpy; import numpy as np; from numpy import *; from builtins import abs, bool, max, min, pow, round"
)
_FILE = late(r"[\w./ -]+")


class ParseCandidate(NamedTuple):
    """One text that might parse; `line` is where it begins in its cell, from 1; `magics` are lines taken out of it."""

    text: str
    line: int = 1
    magics: tuple[int, ...] = ()


class CodeStretch(NamedTuple):
    """A part of a script, and the halves that it falls into where something at the margin may be what is wrong."""

    whole: ParseCandidate
    halves: tuple[ParseCandidate, ...] = ()


class Members(NamedTuple):
    """A class, and its members, each behind the class's header so that it parses on its own."""

    header: str
    parts: tuple[ParseCandidate, ...]


def foreign_magic(cell: SourceCell) -> str | None:
    """The cell magic of a cell that isn't Python: "%%bash"."""
    found = None if cell.number is None else _CELL_MAGIC.match(cell.text)
    return f"%%{found[1]}" if found and found[1] not in _TRANSPARENT else None


def wholes(cell: SourceCell) -> Iterator[ParseCandidate]:
    """What the cell as a whole may be parsed as: the first that parses is meant. None for a foreign cell.

    The raw text comes first: what parses as Python is no magic. Then without magics at the margin, then without any.
    A script may hold magics too: it may be a notebook's export.
    """
    if foreign_magic(cell) is not None:
        return
    raw = _without_cell_magic(cell)
    yield raw
    plain = _dedent(raw.text)
    if plain != raw.text:
        yield raw._replace(text=plain)
    last = plain
    for is_magic in (_is_magic_at_margin, _is_magic):
        text, magics = _take_out_magics(plain, is_magic)
        if text != last:
            yield ParseCandidate(text, 1, raw.magics + magics)
            last = text


def _without_cell_magic(cell: SourceCell) -> ParseCandidate:
    """The cell without a magic such as `%%time` above it."""
    found = None if cell.number is None else _CELL_MAGIC.match(cell.text)
    if not found:
        return ParseCandidate(cell.text)
    body = cell.text[found.end() :].partition("\n")[2]
    above = cell.text.count("\n", 0, found.end())
    return ParseCandidate("\n" * (above + 1) + body, 1, (above + 1,))


def stretches(cell: SourceCell) -> tuple[CodeStretch, ...]:
    """A script or cell cut at the lines where a statement may begin: a broken one need not take the others along.

    None where there is one stretch only.
    """
    raw = _without_cell_magic(cell)
    text, magics = _take_out_magics(raw.text, _is_magic_at_margin)
    magics = raw.magics + magics
    lines = text.split("\n")
    outline = _outline(lines)
    starts = list(_starts(outline))
    cut = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        own = magics[bisect_left(magics, start + 1) : bisect_left(magics, end + 1)]
        cut.append(_stretch(lines[start:end], outline[start:end], start + 1, tuple(number - start for number in own)))
    kept = tuple(stretch for stretch in cut if stretch.whole.text.strip())
    is_divided = len(kept) > 1 or any(stretch.halves or members_of(stretch.whole) for stretch in kept)
    return kept if is_divided else ()


def members_of(stretch: ParseCandidate) -> Members | None:
    """The members of a class that doesn't parse as a whole: one broken method need not take the others along."""
    lines = stretch.text.split("\n")
    head = next((number for number, line in enumerate(lines) if line.strip() and not line.startswith(("@", "#"))), 0)
    if not lines[head].startswith("class ") or not lines[head].split("#")[0].rstrip().endswith(":"):
        return None
    body = next((line for line in lines[head + 1 :] if line.strip()), "")
    indent = body[: len(body) - len(body.lstrip())]
    if not indent:
        return None
    inner = [line.removeprefix(indent) if line.startswith(indent) else " " for line in lines[head + 1 :]]
    starts = list(_starts(_outline(inner)))
    ends = [*starts[1:], len(lines) - head - 1]
    parts = [
        ParseCandidate("\n".join(lines[head + 1 + start : head + 1 + end]), stretch.line + head + 1 + start)
        for start, end in zip(starts, ends, strict=True)
    ]
    return Members("\n".join(lines[: head + 1]), tuple(part for part in parts if part.text.strip()))


def _dedent(text: str) -> str:
    """Without the indentation of the first line of code, which notebooks take off a cell."""
    code = text.lstrip()
    start = text.rfind("\n", 0, len(text) - len(code)) + 1
    rest = text[start:]
    indent = rest[: len(rest) - len(rest.lstrip(" \t"))]
    return "\n".join(line.removeprefix(indent) for line in text.split("\n")) if indent else text


def _is_magic_at_margin(line: str) -> bool:
    return bool(_AT_MARGIN.match(line) or _HELP.match(line))


def _is_magic(line: str) -> bool:
    return bool(_is_magic_at_margin(line) or _INDENTED.match(line))


def _take_out_magics(text: str, is_magic: Callable[[str], bool]) -> tuple[str, tuple[int, ...]]:
    """The text with `pass` for each magic (it may be all that a block holds), and the numbers of those lines."""
    if not _SIGN.search(text):
        return text, ()
    lines = text.split("\n")
    magics = []
    goes_on = False
    for number, line in enumerate(lines, 1):
        continued, found = goes_on, goes_on or is_magic(line)
        goes_on = found and line.endswith("\\")
        if found and not continued and (same := _translate_magic(line)):
            lines[number - 1] = same
        elif found:
            magics.append(number)
            lines[number - 1] = "" if continued else line[: len(line) - len(line.lstrip())] + "pass"
    return "\n".join(lines), tuple(magics)


def _translate_magic(magic: str) -> str | None:
    """What a magic does, where that is to give names, as Python."""
    if _PYLAB.match(magic):
        return _AS_PYLAB
    if name := run_by(magic):
        return f"from {module_parts(name)[-1]} import *"
    return None


def run_by(magic: str) -> str | None:
    """The file whose names `%run helpers.py` gives to a notebook, without its suffix; None for any other line."""
    word, _, file = magic.expandtabs(1).partition(" ")
    if word != "%run":
        return None
    file = file.strip()
    if file.startswith("-i "):
        file = file[3:].lstrip()
    if len(file) > 1 and file[0] in "\"'" and file[-1] == file[0]:
        file = file[1:-1]
    name = file[: -len(".py")] if file.endswith(".py") else file.removesuffix(".ipynb")
    return name if _FILE.fullmatch(name) else None


def _outline(lines: Sequence[str]) -> Sequence[str]:
    """The lines, blank where they begin within a text of several lines; as they are where one has no end."""
    outline, opened = [], ""
    for line in lines:
        outline.append(" " if opened else line)
        for mark in _MARKS.findall(line):
            if mark == "#" and not opened:
                break
            opened = mark if not opened else "" if mark == opened else opened
    return lines if opened else outline


def _starts(lines: Sequence[str]) -> Iterator[int]:
    """Where stretches begin, from 0. What a decorator stands above is part of it."""
    yield 0
    decorated = False
    for number, line in enumerate(lines):
        if _BEGINS.match(line):
            if not decorated and number:
                yield number
            decorated = line.startswith("@")


def _stretch(lines: Sequence[str], outline: Sequence[str], line: int, magics: tuple[int, ...]) -> CodeStretch:
    whole = ParseCandidate("\n".join(lines), line, magics)
    begun = next((number for number, each in enumerate(outline) if _BEGINS.match(each) and each[0] != "@"), 0)
    below = range(begun + 1, len(lines))
    # Below a line that ends what it opens, a bracket at the margin may be one too many.
    brackets = () if lines[begun].rstrip().endswith(("(", "[", "{", ",", "\\")) else (")", "]", "}")
    end = next((n for n in below if _ENDS.match(outline[n]) or outline[n].startswith(brackets)), None)
    if end is None:
        return CodeStretch(whole)
    head = ParseCandidate("\n".join(lines[:end]), line, magics)
    return CodeStretch(whole, (head, ParseCandidate("\n".join(lines[end:]), line + end)))
