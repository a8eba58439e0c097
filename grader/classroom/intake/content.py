"""Which entries of a class folder could each be a student's work, by what they seem to define. Nothing is parsed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice

from grader.classroom.intake.trees.model import FolderEntry, Tree, walk
from grader.errors import GradeError
from grader.submission.classes import Holding
from grader.submission.collecting import MIB, is_archive, is_source

#: The required functions, each with all names that it may have.
Wanted = Mapping[str, Collection[str]]

_MOST_ENTRIES, _MOST_FILES, _MOST_BYTES = 20, 10, MIB
_TEXTS = (".txt", ".pyw", ".json")
#: A definition in a text of which nothing is parsed; a notebook's JSON keeps each line as it is.
_DEFINITION = re.compile(rb"\b(?:def|class)[ \t]+(\w+)|\b(\w+)[ \t]*=[ \t]*lambda\b")


def read_holdings(tree: Tree, entries: Sequence[FolderEntry], wanted: Wanted) -> Iterator[Holding]:
    """What the files of the first of these entries define. An archive, which isn't opened, may define everything."""
    texts: dict[bytes, int] = {}
    for entry in entries[:_MOST_ENTRIES]:
        for file in _files(tree, entry):
            if is_archive(file.name):
                yield Holding(
                    file.path, tuple(wanted), texts.setdefault(file.path.encode(errors="replace"), len(texts))
                )
            elif is_source(file.name) or file.name.casefold().endswith(_TEXTS) or "." not in file.name:
                yield from _read(tree, file, wanted, texts)


def _files(tree: Tree, entry: FolderEntry) -> Iterator[FolderEntry]:
    if entry.kind == "file":
        yield entry
    elif entry.kind == "folder":
        with suppress(GradeError):
            yield from islice(walk(tree, entry.path), _MOST_FILES)


def _read(tree: Tree, file: FolderEntry, wanted: Wanted, texts: dict[bytes, int]) -> Iterator[Holding]:
    with suppress(GradeError):
        data = tree.read(file.path, _MOST_BYTES)
        yield Holding(file.path, find_names(data, wanted), texts.setdefault(data, len(texts)))


def find_names(data: bytes, wanted: Wanted) -> tuple[str, ...]:
    """The required functions that a text seems to define, by its letters alone."""
    defined = {name.decode(errors="replace") for found in _DEFINITION.findall(data) for name in found if name}
    return tuple(name for name, also in wanted.items() if not defined.isdisjoint(also))
