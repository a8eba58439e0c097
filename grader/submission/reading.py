"""Find what was handed in: a file, notebook, folder or archive becomes source text."""

from __future__ import annotations

import keyword
import os
import re
import stat
from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import msgspec

from grader.errors import UsageError
from grader.submission.collecting import (
    MAX_LINES,
    MAX_SCRIPT,
    Collection,
    FoundFile,
    cap_of,
    is_archive,
    is_source,
    read_regular,
    size_in_words,
)
from grader.submission.decoding import decode_source
from grader.submission.folders import collect_folder

#: A cell that writes a script, not one that adds to it; the script is a file of the submission.
WRITES = re.compile(r"\s*%%(?:writefile|file)[ \t]+(?!-a\b)[\"']?([\w./ -]+\.py)[\"']?[ \t]*\n")


class Problem(msgspec.Struct, frozen=True):
    """Something that a reader of the report has to know about the submission as a whole."""

    where: str  #: "hw1.py, line 3", "hw1.ipynb, cell 5", "hw1.zip"
    message: str


class SourceCell(msgspec.Struct, frozen=True):
    """A stretch of source that parses on its own: a notebook's code cell, or a whole script."""

    number: int | None  #: the cell's position among all cells of the notebook, from 1; None for a script
    text: str


class SourceFile(msgspec.Struct, frozen=True):
    """One file of Python source, as found."""

    path: str  #: relative to the submission, with forward slashes
    module: str  #: the name under which other files of the submission import it
    cells: tuple[SourceCell, ...]


class Submission(msgspec.Struct, frozen=True):
    """What one student handed in."""

    name: str
    files: tuple[SourceFile, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """The text of every cell, in document order."""
        return tuple(cell.text for file in self.files for cell in file.cells)


def read_submission(path: Path) -> Submission:
    """Read what was handed in, without running or parsing any of it.

    Raises UsageError where there is nothing to grade: no such file, unreadable, not Python, no Python inside.
    All else is graded; what is wrong with it stands in `problems`.
    """
    found = _collect(path)
    if not found.files and not found.problems:
        raise UsageError(f"{path}: nothing to grade in it: no .py and no .ipynb file")
    found.closing()
    return submission_of(path.name or str(path.absolute().name), found)


def submission_of(name: str, found: Collection) -> Submission:
    """What was collected, as source text."""
    problems = [Problem(where, message) for where, message in found.problems]
    cells_of: dict[str, tuple[SourceCell, ...]] = {}
    for file in found.files:
        cells_of[file.path], said = _cells_of(file)
        problems.extend(said)
    for path, cells in list(cells_of.items()):
        for written, cell in _written_by(path, cells):
            cells_of.setdefault(written, (cell,))
    names = _module_names(list(cells_of))
    files = (SourceFile(path, names[path], cells) for path, cells in cells_of.items())
    return Submission(name, tuple(files), tuple(problems))


def _written_by(notebook: str, cells: tuple[SourceCell, ...]) -> Iterator[tuple[str, SourceCell]]:
    """The scripts that cells of a notebook write beside it: `%%writefile helpers.py`. The last of a name counts."""
    for cell in reversed(cells):
        if cell.number is not None and (found := WRITES.match(cell.text)):
            path = str(PurePosixPath(notebook).with_name(PurePosixPath(found[1]).name))
            yield path, SourceCell(cell.number, "\n" * found[0].count("\n") + cell.text[found.end() :])


def _collect(path: Path) -> Collection:
    found = Collection()
    if stat.S_ISDIR(_kind_of(path)):
        collect_folder(path, found)
        return found
    data = _read(path)
    if is_archive(path.name):
        from grader.submission.archives import collect_archive  # zipfile and tarfile cost 15 ms, seldom needed

        collect_archive(path.name, data, "", found)
    elif found.admits(path.name, len(data)):
        found.add(path.name, data)
    return found


def _kind_of(path: Path) -> int:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        raise UsageError(f"{path}: there is no such file or folder") from None
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: it can't be read: {_reason(error)}") from None
    if stat.S_ISLNK(mode):
        raise UsageError(f"{path}: it is a link, and links are not followed; give {_target(path)} itself")
    if stat.S_ISDIR(mode):
        _must_be_readable(path)
    elif not stat.S_ISREG(mode):
        raise UsageError(f"{path}: it is neither a regular file nor a folder")
    elif not is_source(path.name) and not is_archive(path.name):
        raise UsageError(f"{path}: what can be graded is a .py, an .ipynb, a folder, a .zip or a .tar (.gz, .bz2, .xz)")
    return mode


def _target(path: Path) -> str:
    try:
        return str(path.readlink())
    except OSError:
        return "the file"


def _must_be_readable(folder: Path) -> None:
    try:
        with os.scandir(folder):
            pass
    except OSError as error:
        raise UsageError(f"{folder}: it can't be read: {_reason(error)}") from None


def _read(path: Path) -> bytes:
    try:
        return read_regular(path, cap_of(path.name))
    except OSError as error:
        raise UsageError(f"{path}: it can't be read: {_reason(error)}") from None


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _cells_of(file: FoundFile) -> tuple[tuple[SourceCell, ...], list[Problem]]:
    if not file.data.strip():
        return (), [Problem(file.path, "this file is empty")]
    if file.path.casefold().endswith(".ipynb"):
        return _cells_of_notebook(file)
    text, line, message = decode_source(file.data)
    where = f"{file.path}, line {line}" if line else file.path
    problems = [Problem(where, message)] if message else []
    if text is not None and text.lstrip().startswith("{") and '"cells"' in text:
        cells, said = _cells_of_notebook(file)
        if cells:
            return cells, [Problem(file.path, "this is a notebook: its name should end in .ipynb"), *said]
    return _if_not_too_long(file.path, () if text is None else (SourceCell(None, text),), problems)


def _cells_of_notebook(file: FoundFile) -> tuple[tuple[SourceCell, ...], list[Problem]]:
    from grader.submission.notebooks import read_notebook  # json, and later nbformat: seldom needed

    cells, said = read_notebook(file.data)
    problems = [Problem(file.path, message) for message in said]
    return _if_not_too_long(file.path, tuple(SourceCell(cell.number, cell.text) for cell in cells), problems)


def _if_not_too_long(
    path: str, cells: tuple[SourceCell, ...], problems: list[Problem]
) -> tuple[tuple[SourceCell, ...], list[Problem]]:
    if sum(len(cell.text) for cell in cells) > MAX_SCRIPT:
        return (), [*problems, Problem(path, f"left out: its code is longer than {size_in_words(MAX_SCRIPT)}")]
    if sum(cell.text.count("\n") + cell.text.count(";") for cell in cells) > MAX_LINES:
        return (), [*problems, Problem(path, f"left out: its code has more than {MAX_LINES} lines")]
    return cells, problems


def _module_names(paths: list[str]) -> dict[str, str]:
    """A name for each file under which it can be imported: its stem, or more of its path where stems coincide."""
    parts = {path: module_parts(path) for path in paths}
    stems = Counter(names[-1] for names in parts.values())
    names: dict[str, str] = {}
    for path in paths:
        name = parts[path][-1] if stems[parts[path][-1]] == 1 else ".".join(parts[path])
        names[path] = next(free for free in _number_cells(name) if free not in names.values())
    return names


def _number_cells(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name}_{number}" for number in range(2, 1_000_000))


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
