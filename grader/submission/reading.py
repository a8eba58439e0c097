"""What was collected of a submission, as source text: files, notebooks' cells, and the names to import them by."""

from __future__ import annotations

import keyword
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from .archives import unfold
from .collecting import (
    MAX_FILES,
    MAX_LINES,
    MAX_SCRIPT,
    FoundFile,
    Note,
    SubmissionFiles,
    Upload,
    is_data,
    is_named_as_source,
    is_notebook_name,
    is_source,
    size_in_words,
)
from .decoding import decode_source
from .paths import name_of, parts_of, plain_stem
from .sniffing import (
    BEGINNING,
    defines,
    describe_bytes,
    describe_text,
    has_python_lines,
    is_notebook,
    is_python,
    may_be_notebook,
    may_hold_the_work,
    parsed,
)
from .wrapped import (
    fenced_python,
    is_marimo,
    is_page,
    python_of_directives,
    script_of_marimo,
    text_of_box,
    text_of_page,
    with_magic_cells,
    without_prompts,
)

_EMPTY = "this file is empty"
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
    remark: str = ""  #: how it was read, where its name says something else
    beside: tuple[tuple[str, SourceCell], ...] = ()  #: cells that aren't code, but hold a definition: kind and text

    @property
    def is_named_so(self) -> bool:
        """Whether its name says that it is source; what doesn't counts where no other file has the function."""
        return is_named_as_source(self.path)


class Submission(NamedTuple):
    """What one student handed in."""

    name: str
    files: tuple[SourceFile, ...]
    problems: tuple[Note, ...] = ()
    unread: tuple[Note, ...] = ()  #: files that may hold the work and can't be read: what each is, and what to do

    @property
    def texts(self) -> tuple[str, ...]:
        """The text of every cell, in document order."""
        return tuple(cell.text for file in self.files for cell in file.cells)


def open_upload(upload: Upload) -> Submission:
    """Unpack and decode what was handed in. What is wrong with it stands in `problems`; nothing is raised.

    An archive's files lie in a folder of its name, unless it is all that was handed in.
    """
    return decode_upload(upload, unpack_upload(upload))


def unpack_upload(upload: Upload) -> SubmissionFiles:
    """All files in what was handed in, those in archives too, as many as fit."""
    found = SubmissionFiles()
    alone = len(upload.files) == 1
    for file in upload.files:
        unfold(file.path, file.data, "" if alone else f"{file.path}/", found, alone=alone)
    found.report_unsaid()
    return found


def decode_upload(upload: Upload, found: SubmissionFiles) -> Submission:
    """What was unpacked of an upload, as source text."""
    opened = decode_files(upload.name, found)
    return opened._replace(problems=(*upload.problems, *opened.problems))


class _Read(NamedTuple):
    """What became of one file."""

    cells: tuple[SourceCell, ...] = ()
    problems: tuple[Note, ...] = ()
    remark: str = ""
    unread: str = ""
    beside: tuple[tuple[str, SourceCell], ...] = ()


def decode_files(name: str, found: SubmissionFiles) -> Submission:
    """What was collected, as source text."""
    read = {file.path: _read(file) for file in found.files}
    kept = _choose_files(read)
    files = tuple(_source_files(kept))
    first = [Note(path, each.unread) for path, each in read.items() if each.unread and is_named_as_source(path)]
    beside = [Note(path, each.unread) for path, each in read.items() if each.unread and not is_named_as_source(path)]
    is_bare = not any(file.cells for file in files)
    others = [note for note in beside if is_bare or may_hold_the_work(note.message)]
    problems = [note for each in kept.values() for note in each.problems]
    return Submission(name, files, (*found.problems, *problems, *first), (*first, *others))


def _choose_files(read: Mapping[str, _Read]) -> dict[str, _Read]:
    """The files that count. Beside sources, another one does if it is source too, and no copy of one that is there.

    Where there is source that can't be read, notes beside it don't stand for it: a person has to look.
    """
    named = {path: each for path, each in read.items() if is_named_as_source(path)}
    if len(named) == len(read):
        return named
    sound = {module_parts(path) for path, each in named.items() if each.cells}
    if not sound and any(each.unread not in ("", _EMPTY) for each in named.values()):
        return named
    return {p: each for p, each in read.items() if p in named or (each.cells and module_parts(p) not in sound)}


def _source_files(kept: Mapping[str, _Read]) -> Iterator[SourceFile]:
    """What was read, and the scripts that cells write, each with the name to import it by."""
    found = dict(kept)
    for path, each in kept.items():
        for written, cell in _scripts_from_cells(path, each.cells):
            if len(found) < MAX_FILES:
                found.setdefault(written, _Read((cell,)))
    names = _module_names(list(found))
    yield from (SourceFile(path, names[path], each.cells, each.remark, each.beside) for path, each in found.items())


def _scripts_from_cells(notebook: str, cells: tuple[SourceCell, ...]) -> Iterator[tuple[str, SourceCell]]:
    """The scripts that cells of a notebook write beside it: `%%writefile helpers.py`. The last of a name counts."""
    for cell in reversed(cells):
        if cell.number is not None and (name := file_written_by(cell.text)):
            path = "/".join((*parts_of(notebook)[:-1], name_of(name)))
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


def _read(file: FoundFile) -> _Read:
    """The cells of a file, whatever its name says that it is."""
    if not file.data.strip():
        return _Read() if plain_stem(file.path) == "__init__" else _Read(unread=_EMPTY)
    if what := describe_bytes(file.data):
        return _Read(unread=what)
    if is_data(file.path) and len(file.data) > MAX_SCRIPT and not may_be_notebook(file.data[:BEGINNING]):
        return _Read()  # what code reads, and too long for code
    text, line, message = decode_source(file.data)
    problems = (Note(f"{file.path}, line {line}" if line else file.path, message),) if message else ()
    if text is None:
        return _Read(unread=f"{f'line {line}: ' if line else ''}{message}")
    if is_notebook(text) or (is_notebook_name(file.path) and not is_python(text)):
        read = _read_notebook(file)
        if read.cells or is_notebook_name(file.path) or len(text) > MAX_SCRIPT or not parsed(text):
            return read
    return _refuse_too_long(file.path, _read_text(file.path, text)._replace(problems=problems))


def _read_text(path: str, text: str) -> _Read:
    """What is no notebook: a script, or a text that holds one."""
    if is_marimo(text):
        return _script(path, script_of_marimo(text))
    if typed := without_prompts(text):
        return _Read((SourceCell(None, typed),), remark="what was typed into a console: its prompts were left out")
    text = with_magic_cells(text)
    if is_source(path) and not is_notebook_name(path) and (has_python_lines(text) or parsed(text)):
        return _script(path, text)
    shown = text_of_box(text)
    if is_page(shown):
        return _read_page(path, text_of_page(shown))
    if shown is not text and defines(shown):
        return _Read((SourceCell(None, shown),), remark=_TYPED)
    fenced = fenced_python(text) if "```" in text or "~~~" in text else ""
    if fenced and not parsed(text) and is_python(fenced):
        return _Read((SourceCell(None, fenced),), remark=_BLOCKS)
    if ".. " in text and not parsed(text) and is_python(blocks := python_of_directives(text)):
        return _Read((SourceCell(None, blocks),), remark=_BLOCKS)
    what = "" if has_python_lines(text) else describe_text(text)
    if what:
        return _Read(unread=what)
    if is_source(path) or is_python(text):
        return _script(path, text)
    return _Read(unread="text that isn't Python: hand in the .py or .ipynb file itself")


_TYPED = "typed into the LMS's box: read as Python"
_BLOCKS = "the blocks of Python in this text were read"


def _read_page(path: str, shown: str) -> _Read:
    """Text typed into an LMS's box, if that is Python with a definition in it."""
    if defines(shown):
        return _Read((SourceCell(None, shown),), remark=_TYPED)
    begins = " ".join(shown.split())[:60]
    said = f"a web page, or a text typed into the LMS's box, that isn't Python ({begins!r})"
    return _Read(unread=f"{said}: hand in the .py or .ipynb file itself")


def _script(path: str, text: str) -> _Read:
    """A script; a remark where the file's name says something else."""
    said = is_source(path) and not is_notebook_name(path)
    return _Read((SourceCell(None, text),), remark="" if said else "it holds Python: read as Python")


def _read_notebook(file: FoundFile) -> _Read:
    from .notebooks import read_notebook  # json, and later nbformat: seldom needed

    cells, said, beside, unread = read_notebook(file.data)
    remark = "" if is_notebook_name(file.path) else "this is a notebook: its name should end in .ipynb"
    read = _Read(
        tuple(SourceCell(cell.number, cell.text) for cell in cells),
        tuple(Note(file.path, message) for message in said),
        "" if unread else remark,
        unread,
        tuple((cell.kind, SourceCell(cell.number, cell.text)) for cell in beside),
    )
    return _refuse_too_long(file.path, read)


def _refuse_too_long(path: str, read: _Read) -> _Read:
    if sum(len(cell.text) for cell in read.cells) > MAX_SCRIPT:
        return read._replace(cells=(), unread=f"left out: its code is longer than {size_in_words(MAX_SCRIPT)}")
    if sum(cell.text.count("\n") + cell.text.count(";") for cell in read.cells) > MAX_LINES:
        return read._replace(cells=(), unread=f"left out: its code has more than {MAX_LINES} lines")
    return read


def _module_names(paths: list[str]) -> dict[str, str]:
    """A name for each file under which it can be imported: its stem, or more of its path where stems coincide."""
    parts = {path: module_parts(path) for path in paths}
    if len(paths) == 1:
        return {path: parts[path][-1] for path in paths}
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


def stem_of(path: str) -> str:
    """A file's name without its suffix, and without one that a system or an LMS put behind it: "hw1" of hw1.py.txt."""
    stem = plain_stem(path)
    return stem.rpartition(".")[0] if stem.casefold().endswith((".py", ".ipynb")) else stem


@lru_cache(maxsize=1024)
def module_parts(path: str) -> tuple[str, ...]:
    """The parts of a file's name as a module, from the submission's root: "part 1/q1.py" is ("part_1", "q1").

    A package's `__init__.py` has the name of its folder.
    """
    parts = (*parts_of(path)[:-1], stem_of(path))
    if parts[-1] == "__init__" and len(parts) > 1:
        parts = parts[:-1]
    return tuple(_identifier(part) for part in parts)


def _identifier(part: str) -> str:
    name = part if part.isascii() and part.isidentifier() else re.sub(r"\W", "_", part)
    return f"_{name}" if not name.isidentifier() or keyword.iskeyword(name) else name
