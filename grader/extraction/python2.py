"""Turn what a submission holds of Python 2 into Python 3: a copy, and only where the instructor asks for it.

The conversion is fissix's, the maintained fork of the 2to3 that Python no longer has. It only parses, never runs; it
does so in a process of its own, with a time limit, because what it parses is a student's.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence

from ..submission.reading import Cell, Note, SourceFile, Submission
from .candidates import candidates_of
from .syntax_errors import Fault, in_words, python_2_in

TIMEOUT_SECONDS = 30.0

#: What Python 3 parses, but doesn't have any more.
_GONE = re.compile(r"\b(?:xrange|raw_input|unicode|iteritems|itervalues|iterkeys|has_key|cPickle)\b\s*[\s(.,]")
_MARGIN = re.compile(r"^[ \t]*\t[ \t]*", re.MULTILINE)

_CONVERTER = """
import logging, sys
logging.disable()
from fissix.refactor import RefactoringTool, get_fixers_from_package
tool = RefactoringTool(get_fixers_from_package("fissix.fixes"))
text = sys.stdin.buffer.read().decode()
sys.stdout.buffer.write(str(tool.refactor_string(text, "submission")).encode())
"""


def wholes(submission: Submission) -> tuple[str, ...]:
    """The texts of all cells, for a parser in the jail to say what is wrong with them."""
    return tuple(_text_of(cell) for file in submission.files for cell in file.cells)


def converted(submission: Submission, faults: Sequence[Fault | None]) -> Submission:
    """The submission with its Python 2 turned into Python 3; what was turned stands in its problems.

    Args:
        faults: what the parser in the jail said of each of `wholes(submission)`.
    """
    answers = iter(faults)
    files, problems = [], list(submission.problems)
    for file in submission.files:
        cells = [_converted_cell(cell, next(answers)) for cell in file.cells]
        problems += _told(file, cells)
        kept = tuple(new or old for old, new in zip(file.cells, cells, strict=True))
        files.append(file._replace(cells=kept))
    return submission._replace(files=tuple(files), problems=tuple(problems))


def _told(file: SourceFile, cells: Sequence[Cell | None]) -> list[Note]:
    changed = [cell for cell in cells if cell is not None]
    if not changed:
        return []
    where = file.path
    if all(cell.number is not None for cell in changed):
        where += f", cell {', '.join(str(cell.number) for cell in changed)}"
    said = "Python 2, converted to Python 3 in a copy, which is what was graded; in it 1/2 is 0.5, not 0"
    return [Note(where, said)]


def _text_of(cell: Cell) -> str:
    """The cell without a notebook's magics."""
    choice = candidates_of(cell).wholes
    return choice[-1].text if choice else ""


def _converted_cell(cell: Cell, fault: Fault | None) -> Cell | None:
    """The cell in Python 3; None where it needs no conversion, or can't be converted."""
    text = _text_of(cell)
    if fault is None and not _GONE.search(text):
        return None
    if fault is not None and python_2_in(fault, text) is None and "tabs" not in in_words(fault, text):
        return None
    new = _run_converter(_MARGIN.sub(lambda margin: margin[0].expandtabs(8), text))
    return None if new is None else Cell(cell.number, new)


def _run_converter(text: str) -> str | None:
    """Python 3 for a text of Python 2, or None where the converter can't read it."""
    command = [sys.executable, "-I", "-c", _CONVERTER]
    ended = text if text.endswith("\n") else text + "\n"  # lib2to3's grammar asks for it
    try:
        done = subprocess.run(command, input=ended.encode(), capture_output=True, timeout=TIMEOUT_SECONDS, check=True)
        return done.stdout.decode()
    except (subprocess.SubprocessError, OSError, UnicodeDecodeError):
        return None
