"""The code cells of a notebook, whatever its format version, read as data: outputs are never looked at."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from .collecting import KIB, MAX_NOTEBOOK, size_in_words
from .decoding import decode_source, replace_surrogates
from .sniffing import has_python_lines, parsed

MAX_CELLS = 5_000
MAX_BESIDE = 64 * KIB  #: characters of cells that aren't code and are kept, to say where code stands that isn't run
#: What is kept of the objects in a notebook: where its code is, in which format, and in which language.
_KEYS = frozenset(
    {
        *("nbformat", "nbformat_minor", "worksheets", "cells", "cell_type", "source", "input", "code"),
        *("metadata", "kernelspec", "language_info", "language", "name", "execution_count", "prompt_number"),
    }
)
_DEFINITION = re.compile(r"^[ \t]*(?:def|class)[ \t]+\w|^\w+[ \t]*=[ \t]*lambda\b", re.MULTILINE)


class CodeCell(NamedTuple):
    """One code cell, and its place among all cells of the notebook, from 1: as a person scrolling counts."""

    number: int
    text: str


class TextCell(NamedTuple):
    """A cell that isn't run and holds a definition all the same."""

    number: int
    kind: str  #: "raw" or "Markdown"
    text: str


class Notebook(NamedTuple):
    """The code cells, and what a reader of the report has to know about the file."""

    cells: tuple[CodeCell, ...]
    problems: tuple[str, ...] = ()
    beside: tuple[TextCell, ...] = ()
    unread: str = ""  #: why nothing of it can be read, and what to do


class _Unusable(Exception):  # noqa: N818 - read aloud, it is the reason
    """Why nothing of a notebook can be graded."""


def read_notebook(data: bytes) -> Notebook:
    """The code cells of an .ipynb file. What is wrong with it comes back in words; nothing is raised."""
    problems: list[str] = []
    try:
        notebook = _parse_json(data, problems)
        cells = _cells_in(notebook, problems)
        code = _code_cells(cells, problems)
        if language := _foreign_language(notebook, code):
            raise _Unusable(f"it is {language}, as its kernel says, and what can be graded is Python")
    except _Unusable as reason:
        return Notebook((), tuple(problems), (), f"no cell of this notebook can be read: {reason}")
    except (RecursionError, MemoryError):
        return Notebook((), tuple(problems), (), "no cell of this notebook can be read: its JSON is nested too deep")
    if not code:
        problems.append("this notebook has no code cell")
    if any(cell.text != replace_surrogates(cell.text) for cell in code):
        problems.append("some characters are broken (lone surrogates): they were replaced")
        code = [cell._replace(text=replace_surrogates(cell.text)) for cell in code]
    return Notebook(tuple(code), tuple(problems), tuple(_text_cells(cells)))


def _parse_json(data: bytes, problems: list[str]) -> dict[str, Any]:
    if len(data) > MAX_NOTEBOOK:
        raise _Unusable(f"it is larger than {size_in_words(MAX_NOTEBOOK)}")
    odd: set[str] = set()

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any] | None:
        found = dict(pairs)
        if len(found) < len(pairs):
            odd.add("a key twice in one object (the last one counts)")
        # Plots, and all that is no cell, are let go as soon as they have been read: most of a large notebook.
        return {key: found[key] for key in found if key in _KEYS} or None

    def constant(name: str) -> None:
        odd.add(f"{name}, which JSON doesn't know")

    text = _decode(data, problems).lstrip("\ufeff \t\r\n")
    try:
        # Not strict: line ends and tabs may stand in texts as they are.
        decoder = json.JSONDecoder(object_pairs_hook=unique, parse_constant=constant, strict=False)
        notebook, end = decoder.raw_decode(text)
    except json.JSONDecodeError as error:
        raise _Unusable(_why_no_json(text, error)) from None
    except ValueError:  # an integer with more digits than Python converts
        raise _Unusable("it holds a number that no notebook has") from None
    if text[end : end + 1000].strip() or text[end:].strip():
        odd.add("more text after its end (left out)")
    problems.extend(f"this notebook's JSON has {what}" for what in sorted(odd))
    if notebook is None:  # an object in which nothing is of use
        return {}
    if not isinstance(notebook, dict):
        raise _Unusable("its JSON is no object")
    return notebook


def _decode(data: bytes, problems: list[str]) -> str:
    """The text of a notebook, which is UTF-8 by its format."""
    decoded = decode_source(data, has_cookie=False)
    if decoded.text is None:
        raise _Unusable(decoded.message or "its bytes aren't text")
    if decoded.message:
        problems.append(decoded.message)
    return decoded.text


def _why_no_json(text: str, error: json.JSONDecodeError) -> str:
    place = f"line {error.lineno}, column {error.colno}"
    if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string"):
        return f"it is cut off ({place}): hand it in again, whole"
    if "\n<<<<<<<" in text:
        return "it holds the marks of a merge that git couldn't finish (<<<<<<<): finish it, and hand it in again"
    return f"it isn't JSON ({place}: {error.msg})"


def _cells_in(notebook: dict[str, Any], problems: list[str]) -> list[Any]:
    """All cells, of `worksheets` too, whatever version the notebook says it has: some programs mix them."""
    major = notebook.get("nbformat", 1)
    lists = [notebook.get("cells")]
    sheets = notebook.get("worksheets")
    lists += [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)] if isinstance(sheets, list) else []
    found = [each for each in lists if isinstance(each, list)]
    if not found:
        raise _Unusable("it has no list of cells")
    cells = [cell for each in found for cell in each]
    if len(cells) > MAX_CELLS:
        raise _Unusable(f"it has more than {MAX_CELLS} cells")
    is_known = isinstance(major, int) and not isinstance(major, bool) and 1 <= major <= 4
    if not is_known:
        problems.append(f"its format version is {str(major)[:20]!r}, and versions 1 to 4 are known: read as those are")
    elif isinstance(sheets, list) and major > 3:
        problems.append(f"this notebook says that it has format {major}, and keeps cells as format 3 does")
    return cells


def _code_cells(cells: list[Any], problems: list[str]) -> list[CodeCell]:
    """The code cells; the others count too."""
    found = []
    for number, cell in enumerate(cells, 1):
        if isinstance(cell, dict) and _kind(cell) == "code":
            text, is_whole = _text(_source(cell))
            found.append(CodeCell(number, text))
            if not is_whole:
                problems.append(f"cell {number}: a part of its source is no text, and was left out")
    return found


def _text_cells(cells: list[Any]) -> Iterator[TextCell]:
    """Raw and Markdown cells with a definition in them."""
    left = MAX_BESIDE
    for number, cell in enumerate(cells, 1):
        if isinstance(cell, dict) and (kind := _kind(cell)) in ("raw", "markdown"):
            text = replace_surrogates(_text(_source(cell))[0][:left])
            if _DEFINITION.search(text):
                left -= len(text)
                yield TextCell(number, "raw" if kind == "raw" else "Markdown", text)


def _kind(cell: dict[str, Any]) -> str:
    kind = cell.get("cell_type")
    if kind is None and any(key in cell for key in ("execution_count", "prompt_number", "source", "input", "code")):
        return "code"
    return kind.casefold() if isinstance(kind, str) else ""


def _source(cell: dict[str, Any]) -> object:
    """ "source", "input" and "code" are the keys of format versions 4, 3 and 2, and 1."""
    return next((cell[key] for key in ("source", "input", "code") if cell.get(key) is not None), "")


def _text(source: object) -> tuple[str, bool]:
    """A cell's text, and whether nothing had to be left out of it; what is null was nothing."""
    lines = [line for line in (source if isinstance(source, list) else [source]) if line is not None]
    text = [line for line in lines if isinstance(line, str)]
    return _lines(_join(text)), len(text) == len(lines)


def _join(pieces: list[str]) -> str:
    """The pieces of a source; some programs write a list of lines without their ends."""
    text = "".join(pieces)
    are_lines = len(pieces) > 1 and not any(piece.endswith(("\n", "\r")) for piece in pieces[:-1])
    return "\n".join(pieces) if are_lines and not parsed(text) else text


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _foreign_language(notebook: dict[str, Any], cells: list[CodeCell]) -> str:
    """The language of a notebook's kernel, where that isn't Python and no cell looks like Python; else ""."""
    names = [name for name in _languages(notebook.get("metadata")) if name.strip()]
    if not names or any("py" in name.casefold() or "sage" in name.casefold() for name in names):
        return ""
    if any(has_python_lines(cell.text) for cell in cells):
        return ""
    return replace_surrogates(names[0])[:40]


def _languages(metadata: object) -> Iterator[str]:
    if isinstance(metadata, dict):
        for part, key in (("kernelspec", "language"), ("language_info", "name"), ("kernelspec", "name")):
            inner = metadata.get(part)
            if isinstance(inner, dict) and isinstance(inner.get(key), str):
                yield inner[key]
