"""Find what was handed in: a file, notebook, folder or archive becomes source text."""

from __future__ import annotations

import msgspec


class Problem(msgspec.Struct, frozen=True):
    """Something that a reader of the report has to know about the submission as a whole."""

    where: str  #: "hw1.py, line 3", "hw1.ipynb, cell 5", "hw1.zip"
    message: str


class Cell(msgspec.Struct, frozen=True):
    """A stretch of source that parses on its own: a notebook's code cell, or a whole script."""

    number: int | None  #: the cell's position among all cells of the notebook, from 1; None for a script
    text: str


class SourceFile(msgspec.Struct, frozen=True):
    """One file of Python source, as found."""

    path: str  #: relative to the submission, with forward slashes
    module: str  #: the name under which other files of the submission import it
    cells: tuple[Cell, ...]


class Submission(msgspec.Struct, frozen=True):
    """What one student handed in."""

    name: str
    files: tuple[SourceFile, ...]
    problems: tuple[Problem, ...] = ()
