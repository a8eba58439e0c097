"""Help for tests that hand something in: real files in a folder, and the answers of a parser."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import nbformat
import numpy as np
from nbformat import v4

from grader.extraction.extract import Extraction, Required, extract, faults_of
from grader.submission.reading import Submission
from grader.upload import read_submission
from grader.worker.shared.numpy_names import missing_from


class Said(NamedTuple):
    """A parser's fault, in the shape that the jail gives it."""

    line: int | None
    column: int | None
    text: str
    ended: bool = False


def fault_of(text: str) -> Said | None:
    try:
        ast.parse(text)
    except SyntaxError as error:
        return Said(error.lineno, error.offset, error.msg)
    except ValueError as error:
        return Said(None, None, str(error))
    return None


def folder(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files below a new folder, and give it back."""
    top = root / "handed in"
    for name, content in files.items():
        file = top / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return top


def notebook(*cells: str) -> str:
    """A notebook of format 4 with a heading and then these code cells: the first is cell 2."""
    made = [v4.new_markdown_cell("# Homework"), *(v4.new_code_cell(cell) for cell in cells)]
    return nbformat.writes(v4.new_notebook(cells=made))


def read(root: Path, files: Mapping[str, str | bytes]) -> Submission:
    """Read a folder with these files, or, where there is one only, that file."""
    top = folder(root, files)
    return read_submission(top / next(iter(files)) if len(files) == 1 else top)


def extracted(submission: Submission, *required: str | Required, packages: Iterable[str] = ("numpy",)) -> Extraction:
    faults = faults_of(submission, lambda texts: [fault_of(text) for text in texts])
    wanted = [name if isinstance(name, Required) else Required(name) for name in required]
    return extract(submission, wanted, faults, tuple(packages), missing_from(np))


def kept(root: Path, source: str, *required: str) -> list[str]:
    """The lines that are left of one script."""
    (text,) = extracted(read(root, {"hw.py": source}), *required).modules.values()
    return [line for line in text.split("\n") if line]
