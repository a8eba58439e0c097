"""The code cells of a notebook, whatever its format version, read as data: outputs are never looked at."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from .collecting import MAX_NOTEBOOK, size_in_words
from .decoding import replace_surrogates

MAX_CELLS = 5_000
#: What is kept of the objects in a notebook: where its code is, and in which format.
_KEYS = frozenset({"nbformat", "nbformat_minor", "worksheets", "cells", "cell_type", "source", "input", "code"})


class CodeCell(NamedTuple):
    """One code cell, and its place among all cells of the notebook, from 1: as a person scrolling counts."""

    number: int
    text: str


class Notebook(NamedTuple):
    """The code cells, and what a reader of the report has to know about the file."""

    cells: tuple[CodeCell, ...]
    problems: tuple[str, ...] = ()


class _Unusable(Exception):  # noqa: N818 - read aloud, it is the reason
    """Why nothing of a notebook can be graded."""


def read_notebook(data: bytes) -> Notebook:
    """The code cells of an .ipynb file. What is wrong with it comes back in words; nothing is raised."""
    problems: list[str] = []
    try:
        cells = _code_cells(_cells_in(_parse_json(data, problems)))
    except _Unusable as reason:
        return Notebook((), (*problems, f"no cell of this notebook can be read: {reason}"))
    except (RecursionError, MemoryError):
        return Notebook((), (*problems, "no cell of this notebook can be read: its JSON is nested too deep"))
    if not cells:
        problems.append("this notebook has no code cell")
    if any(cell.text != replace_surrogates(cell.text) for cell in cells):
        problems.append("some characters are broken (lone surrogates): they were replaced")
        cells = [cell._replace(text=replace_surrogates(cell.text)) for cell in cells]
    return Notebook(tuple(cells), tuple(problems))


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

    try:
        notebook = json.loads(data, object_pairs_hook=unique, parse_constant=constant)
    except UnicodeDecodeError as error:
        raise _Unusable(f"its bytes aren't {error.encoding.upper()}") from None
    except json.JSONDecodeError as error:
        raise _Unusable(f"it isn't JSON (line {error.lineno}, column {error.colno}: {error.msg})") from None
    except ValueError:  # an integer with more digits than Python converts
        raise _Unusable("it holds a number that no notebook has") from None
    problems.extend(f"this notebook's JSON has {what}" for what in sorted(odd))
    if notebook is None:  # an object in which nothing is of use
        return {}
    if not isinstance(notebook, dict):
        raise _Unusable("its JSON is no object")
    return notebook


def _cells_in(notebook: dict[str, Any]) -> list[Any]:
    """All cells, as the format's version keeps them. Outputs and metadata can be large, deep, or faked."""
    major, minor = notebook.get("nbformat", 1), notebook.get("nbformat_minor", 0)
    if not isinstance(major, int) or not isinstance(minor, int) or not 1 <= major <= 4:
        raise _Unusable(f"its format version is {str(major)[:20]!r}; versions 1 to 4 are known")
    if major in (2, 3):
        sheets = [sheet for sheet in _as_list(notebook.get("worksheets", [])) if isinstance(sheet, dict)]
        return _as_list([cell for sheet in sheets for cell in _as_list(sheet.get("cells", []))])
    return _as_list(notebook.get("cells", []))


def _as_list(value: object) -> list[Any]:
    if not isinstance(value, list) or len(value) > MAX_CELLS:
        raise _Unusable(f"its cells are no list, or more than {MAX_CELLS}")
    return value


def _code_cells(cells: list[Any]) -> list[CodeCell]:
    """The code cells; the others count too."""
    return [
        # "source", "input" and "code" are the keys of format versions 4, 3 and 2, and 1.
        CodeCell(number, _lines(_text(cell.get("source", cell.get("input", cell.get("code", ""))))))
        for number, cell in enumerate(cells, 1)
        if isinstance(cell, dict) and cell.get("cell_type") == "code"
    ]


def _text(source: object) -> str:
    lines = source if isinstance(source, list) else [source]
    text = [line for line in lines if isinstance(line, str)]
    if len(text) < len(lines):
        raise _Unusable("a code cell's source is no text")
    return "".join(text)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
