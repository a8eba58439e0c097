"""Turn what a submission holds of Python 2 into Python 3: a copy, and only where the instructor asks for it.

The conversion is fissix's, the maintained fork of the 2to3 that Python no longer has. It only parses, never runs.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from ..submission.collecting import Note
from ..submission.reading import SourceCell, SourceFile, Submission
from .candidates import stretches, wholes
from .syntax_errors import ERRORS, SyntaxFault, describe_fault, fault_of, python_2_in

#: What Python 3 parses, but doesn't have any more.
_GONE = re.compile(r"\b(?:xrange|raw_input|unicode|iteritems|itervalues|iterkeys|has_key|cPickle)\b\s*[\s(.,]")
_MARGIN = re.compile(r"^[ \t]*\t[ \t]*", re.MULTILINE)


class _Converted(NamedTuple):
    """A cell in Python 3, and the lines of it that nobody could convert: the first of each stretch."""

    cell: SourceCell
    failed: tuple[int, ...] = ()


def convert(submission: Submission) -> Submission:
    """The submission in Python 3, if anything in it is Python 2; what was turned stands in its problems.

    Files that parse are turned too: in Python 2, `map` gave a list in all of them.
    """
    if not any(_is_old(cell) for file in submission.files for cell in file.cells):
        return submission
    files, problems = [], list(submission.problems)
    for file in submission.files:
        cells = [_convert_cell(cell) for cell in file.cells]
        problems += _describe_conversion(file, cells)
        files.append(file._replace(cells=tuple(each.cell for each in cells)))
    return submission._replace(files=tuple(files), problems=tuple(problems))


def _describe_conversion(file: SourceFile, cells: Sequence[_Converted]) -> Iterator[Note]:
    changed = [new.cell for old, new in zip(file.cells, cells, strict=True) if new.cell.text != old.text]
    if changed:
        where = file.path
        if all(cell.number is not None for cell in changed):
            where += f", cell {', '.join(str(cell.number) for cell in changed)}"
        said = "Python 2, converted to Python 3 in a copy, which is what was graded; in it 1/2 is 0.5, not 0"
        yield Note(where, said)
    for each in cells:
        of_cell = "" if each.cell.number is None else f", cell {each.cell.number}"
        for line in each.failed:
            yield Note(f"{file.path}{of_cell}, line {line}", "what begins here could not be converted to Python 3")


def _is_old(cell: SourceCell) -> bool:
    """Whether something in a cell is Python 2."""
    texts = list(wholes(cell))
    if not texts:
        return False
    text = texts[-1].text  # without a notebook's magics
    fault = _fault_in(text)
    if fault is None:
        return _GONE.search(text) is not None
    parts = (stretch.whole.text for stretch in stretches(cell))
    return _is_fault_old(fault, text) or any(_is_fault_old(fault, part) for part in parts if (fault := _fault_in(part)))


def _is_fault_old(fault: SyntaxFault, text: str) -> bool:
    return python_2_in(fault, text) is not None or "tabs" in describe_fault(fault, text)


def _convert_cell(cell: SourceCell) -> _Converted:
    """The cell in Python 3: as a whole or, where that can't be read, stretch by stretch."""
    texts = list(wholes(cell))
    if not texts:
        return _Converted(cell)
    if (new := _converted(texts[-1].text)) is not None:
        return _Converted(cell._replace(text=new) if new.strip() != cell.text.strip() else cell)
    parts, failed = [], []
    for stretch in stretches(cell):
        text = stretch.whole.text
        new = _converted(text)
        parts.append(text if new is None else new)
        if new is None and _fault_in(text) is not None:
            failed.append(stretch.whole.line)
    return _Converted(cell._replace(text="\n".join(parts)) if parts else cell, tuple(failed))


def _fault_in(text: str) -> SyntaxFault | None:
    try:
        ast.parse(text)
    except ERRORS as error:
        return fault_of(error)
    return None


def _converted(text: str) -> str | None:
    """Python 3 for a text of Python 2, or None where the converter can't read it."""
    spaced = _MARGIN.sub(lambda margin: margin[0].expandtabs(8), text)
    for print_function in (False, True):
        try:
            # lib2to3's grammar asks for a line end.
            return str(_tool(print_function).refactor_string(f"{spaced}\n", "submission")).removesuffix("\n")
        except Exception:  # noqa: BLE001 - it raises half a dozen types on what is no Python
            continue
    return None


@cache
def _tool(print_function: bool) -> Any:
    import logging

    from fissix.refactor import (  # type: ignore[import-untyped]
        RefactoringTool,
        get_fixers_from_package,
    )

    logging.disable()
    return RefactoringTool(get_fixers_from_package("fissix.fixes"), {"print_function": print_function})
