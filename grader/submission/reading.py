"""What was collected of a submission, as source text: files, notebooks' cells, and the names to import them by."""

from __future__ import annotations

import keyword
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import NamedTuple

from .collecting import (
    MAX_FILES,
    MAX_LINES,
    MAX_SCRIPT,
    FoundFile,
    Note,
    SubmissionFiles,
    Upload,
    is_archive,
    size_in_words,
)
from .decoding import decode_source

_FILE = re.compile(r"[\w./ -]+")  #: the name of a file that a notebook writes


class SourceCell(NamedTuple):
    """A stretch of source that parses on its own: a notebook's code cell, or a whole script."""

    number: int | None  #: the cell's position among all cells of the notebook, from 1; None for a script
    text: str


class SourceFile(NamedTuple):
    """One file of Python source, as found."""

    path: str  #: relative to the submission, with forward slashes
    module: str  #: the name under which other files of the submission import it
    cells: tuple[SourceCell, ...]


class Submission(NamedTuple):
    """What one student handed in."""

    name: str
    files: tuple[SourceFile, ...]
    problems: tuple[Note, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """The text of every cell, in document order."""
        return tuple(cell.text for file in self.files for cell in file.cells)


def open_upload(upload: Upload) -> Submission:
    """Unpack and decode what was handed in. What is wrong with it stands in `problems`; nothing is raised.

    An archive's files lie in a folder of its name, unless it is all that was handed in.
    """
    found = SubmissionFiles()
    for file in upload.files:
        if is_archive(file.path):
            from .archives import collect_archive  # seldom needed

            collect_archive(file.path, file.data, "" if len(upload.files) == 1 else f"{file.path}/", found)
        elif found.admits(file.path, len(file.data)):
            found.add(file.path, file.data)
    found.report_unsaid()
    opened = decode_files(upload.name, found)
    return opened._replace(problems=(*upload.problems, *opened.problems))


def decode_files(name: str, found: SubmissionFiles) -> Submission:
    """What was collected, as source text."""
    problems = list(found.problems)
    cells_of: dict[str, tuple[SourceCell, ...]] = {}
    for file in found.files:
        cells_of[file.path], said = _cells_of(file)
        problems.extend(said)
    for path, cells in list(cells_of.items()):
        for written, cell in _scripts_from_cells(path, cells):
            if len(cells_of) < MAX_FILES:
                cells_of.setdefault(written, (cell,))
    names = _module_names(list(cells_of))
    files = (SourceFile(path, names[path], cells) for path, cells in cells_of.items())
    return Submission(name, tuple(files), tuple(problems))


def _scripts_from_cells(notebook: str, cells: tuple[SourceCell, ...]) -> Iterator[tuple[str, SourceCell]]:
    """The scripts that cells of a notebook write beside it: `%%writefile helpers.py`. The last of a name counts."""
    for cell in reversed(cells):
        if cell.number is not None and (name := file_written_by(cell.text)):
            path = str(PurePosixPath(notebook).with_name(PurePosixPath(name).name))
            start = cell.text.index("\n", len(cell.text) - len(cell.text.lstrip())) + 1
            yield path, SourceCell(cell.number, "\n" * cell.text.count("\n", 0, start) + cell.text[start:])


def file_written_by(cell: str) -> str | None:
    """The script that a cell writes by `%%writefile helpers.py`; None for all else, and for what adds to a script."""
    line, end, _ = cell.lstrip().partition("\n")
    words = line.split(None, 1)
    if not end or len(words) < 2 or words[0] not in ("%%writefile", "%%file"):
        return None
    name = words[1].strip()
    if name == "-a" or name.startswith(("-a ", "-a\t")):
        return None
    if name[0] in "\"'":
        name = name[1:]
    if name and name[-1] in "\"'":
        name = name[:-1]
    return name if name.endswith(".py") and _FILE.fullmatch(name) else None


def _cells_of(file: FoundFile) -> tuple[tuple[SourceCell, ...], list[Note]]:
    if not file.data.strip():
        is_marker = PurePosixPath(file.path).name == "__init__.py"  # which makes a folder a package, and is often empty
        return (), [] if is_marker else [Note(file.path, "this file is empty")]
    if file.path.casefold().endswith(".ipynb"):
        return _cells_of_notebook(file)
    text, line, message = decode_source(file.data)
    where = f"{file.path}, line {line}" if line else file.path
    problems = [Note(where, message)] if message else []
    if text is not None and text.lstrip().startswith("{") and '"cells"' in text:
        cells, said = _cells_of_notebook(file)
        if cells:
            return cells, [Note(file.path, "this is a notebook: its name should end in .ipynb"), *said]
    return _refuse_too_long(file.path, () if text is None else (SourceCell(None, text),), problems)


def _cells_of_notebook(file: FoundFile) -> tuple[tuple[SourceCell, ...], list[Note]]:
    from .notebooks import read_notebook  # json, and later nbformat: seldom needed

    cells, said = read_notebook(file.data)
    problems = [Note(file.path, message) for message in said]
    return _refuse_too_long(file.path, tuple(SourceCell(cell.number, cell.text) for cell in cells), problems)


def _refuse_too_long(
    path: str, cells: tuple[SourceCell, ...], problems: list[Note]
) -> tuple[tuple[SourceCell, ...], list[Note]]:
    if sum(len(cell.text) for cell in cells) > MAX_SCRIPT:
        return (), [*problems, Note(path, f"left out: its code is longer than {size_in_words(MAX_SCRIPT)}")]
    if sum(cell.text.count("\n") + cell.text.count(";") for cell in cells) > MAX_LINES:
        return (), [*problems, Note(path, f"left out: its code has more than {MAX_LINES} lines")]
    return cells, problems


def _module_names(paths: list[str]) -> dict[str, str]:
    """A name for each file under which it can be imported: its stem, or more of its path where stems coincide."""
    parts = {path: module_parts(path) for path in paths}
    stems = Counter(names[-1] for names in parts.values())
    names: dict[str, str] = {}
    taken: set[str] = set()
    for path in paths:
        name = parts[path][-1] if stems[parts[path][-1]] == 1 else ".".join(parts[path])
        names[path] = next(free for free in _number_cells(name) if free not in taken)
        taken.add(names[path])
    return names


def _number_cells(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name}_{number}" for number in range(2, MAX_FILES + 2))


def module_parts(path: str) -> tuple[str, ...]:
    """The parts of a file's name as a module, from the submission's root: "part 1/q1.py" is ("part_1", "q1").

    A package's `__init__.py` has the name of its folder.
    """
    pure = PurePosixPath(path)
    parts = (*pure.parts[:-1], pure.stem)
    if parts[-1] == "__init__" and len(parts) > 1:
        parts = parts[:-1]
    return tuple(_identifier(part) for part in parts)


def _identifier(part: str) -> str:
    name = re.sub(r"\W", "_", part)
    return f"_{name}" if not name.isidentifier() or keyword.iskeyword(name) else name
