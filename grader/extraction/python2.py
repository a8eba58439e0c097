"""Turn what a submission holds of Python 2 into Python 3: a copy, and only where the instructor asks for it.

The conversion is fissix's, the maintained fork of the 2to3 that Python no longer has. It only parses, never runs.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from ..submission.collecting import Note
from ..submission.reading import SourceCell, SourceFile, Submission
from .candidates import wholes
from .syntax_errors import ERRORS, SyntaxFault, describe_fault, fault_of, python_2_in

#: What Python 3 parses, but doesn't have any more.
_GONE = re.compile(r"\b(?:xrange|raw_input|unicode|iteritems|itervalues|iterkeys|has_key|cPickle)\b\s*[\s(.,]")
_MARGIN = re.compile(r"^[ \t]*\t[ \t]*", re.MULTILINE)


def convert(submission: Submission) -> Submission:
    """The submission with its Python 2 turned into Python 3; what was turned stands in its problems."""
    files, problems = [], list(submission.problems)
    for file in submission.files:
        cells = [_convert_cell(cell) for cell in file.cells]
        problems += _describe_conversion(file, cells)
        kept = tuple(new or old for old, new in zip(file.cells, cells, strict=True))
        files.append(file._replace(cells=kept))
    return submission._replace(files=tuple(files), problems=tuple(problems))


def _describe_conversion(file: SourceFile, cells: Sequence[SourceCell | None]) -> list[Note]:
    changed = [cell for cell in cells if cell is not None]
    if not changed:
        return []
    where = file.path
    if all(cell.number is not None for cell in changed):
        where += f", cell {', '.join(str(cell.number) for cell in changed)}"
    said = "Python 2, converted to Python 3 in a copy, which is what was graded; in it 1/2 is 0.5, not 0"
    return [Note(where, said)]


def _convert_cell(cell: SourceCell) -> SourceCell | None:
    """The cell in Python 3; None where it needs no conversion, or can't be converted."""
    texts = list(wholes(cell))
    if not texts:
        return None
    text = texts[-1].text  # without a notebook's magics
    fault = _fault_in(text)
    if fault is None and not _GONE.search(text):
        return None
    if fault is not None and python_2_in(fault, text) is None and "tabs" not in describe_fault(fault, text):
        return None
    new = _converted(_MARGIN.sub(lambda margin: margin[0].expandtabs(8), text))
    return None if new is None else SourceCell(cell.number, new)


def _fault_in(text: str) -> SyntaxFault | None:
    try:
        ast.parse(text)
    except ERRORS as error:
        return fault_of(error)
    return None


def _converted(text: str) -> str | None:
    """Python 3 for a text of Python 2, or None where the converter can't read it."""
    ended = text if text.endswith("\n") else text + "\n"  # lib2to3's grammar asks for it
    try:
        return str(_tool().refactor_string(ended, "submission"))
    except Exception:  # noqa: BLE001 - it raises half a dozen types on what is no Python
        return None


@cache
def _tool() -> Any:
    import logging

    from fissix.refactor import (  # type: ignore[import-untyped]
        RefactoringTool,
        get_fixers_from_package,
    )

    logging.disable()
    return RefactoringTool(get_fixers_from_package("fissix.fixes"))
