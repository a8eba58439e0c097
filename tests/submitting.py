"""Help for tests that hand something in: real files in a folder, read and sliced in this very process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import nbformat
import numpy as np
from nbformat import v4

from grader.extraction.extract import extract
from grader.extraction.model import Extraction, Required
from grader.submission.reading import Submission, open_upload
from grader.upload import read_submission
from grader.worker.shared.numpy_names import missing_from


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
    return str(nbformat.writes(v4.new_notebook(cells=made)))


def read(root: Path, files: Mapping[str, str | bytes]) -> Submission:
    """Read a folder with these files, or, where there is one only, that file."""
    top = folder(root, files)
    return read_texts(top / next(iter(files)) if len(files) == 1 else top)


def read_texts(path: Path) -> Submission:
    """What was handed in as source text, as the jailed child makes it."""
    return open_upload(read_submission(path))


def extracted(submission: Submission, *required: str | Required, packages: Iterable[str] = ("numpy",)) -> Extraction:
    wanted = [name if isinstance(name, Required) else Required(name) for name in required]
    return extract(submission, wanted, tuple(packages), missing_from(np))


def kept(root: Path, source: str, *required: str) -> list[str]:
    """The lines that are left of one script."""
    (text,) = extracted(read(root, {"hw.py": source}), *required).modules.values()
    return [line for line in text.split("\n") if line]
