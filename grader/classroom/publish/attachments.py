"""Where what a person looks at lies: a file of the class folder, or a cell of a notebook. Nothing of it is opened here.

A pattern such as `*.pdf` is held against the names of what a student handed in; one that begins with `#` is a heading
in a notebook's text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from grader.classroom.intake.bundle import unpack
from grader.classroom.intake.tree import open_tree
from grader.classroom.intake.trees.model import Tree, walk
from grader.classroom.review.results import Results
from grader.classroom.store.store import SubmissionRow
from grader.errors import GradeError
from grader.rubric.model import Manual
from grader.submission.collecting import is_archive

NO_ATTACHMENT = "nothing that looks like it"
PERHAPS = "perhaps in "


class Attachments:
    """What a class handed in beside its code."""

    def __init__(self, results: Results) -> None:
        self._results = results

    def of(self, item: Manual, row: SubmissionRow) -> list[str]:
        """The places of an item's attachments in one submission; says so where there are none."""
        if not item.attachment:
            return []
        headings = [pattern for pattern in item.attachment if pattern.startswith("#")]
        files = [pattern for pattern in item.attachment if not pattern.startswith("#")]
        found = [*self._files(row, files), *self._cells(row, headings)]
        return found or [*self._archives(row), NO_ATTACHMENT][:1]

    def _files(self, row: SubmissionRow, patterns: list[str]) -> Iterator[str]:
        for place in self._places(row):
            if any(fnmatchcase(PurePosixPath(place).name.casefold(), pattern.casefold()) for pattern in patterns):
                yield place

    def _places(self, row: SubmissionRow) -> Iterator[str]:
        for part in row.handed.parts:
            below = self._below(part.place)
            yield from below or [part.place]

    def _below(self, place: str) -> list[str]:
        """The files below a folder; none where it is a file, or the class folder is gone."""
        if self._tree is None:
            return []
        try:
            return sorted(entry.path for entry in walk(self._tree, place))
        except GradeError:
            return []

    @cached_property
    def _tree(self) -> Tree | None:
        folder = self._results.store.setting("folder")
        try:
            return open_tree(Path(folder)) if folder else None
        except GradeError:
            return None

    def _archives(self, row: SubmissionRow) -> Iterator[str]:
        yield from (f"{PERHAPS}{place}" for place in self._places(row) if is_archive(place))

    def _cells(self, row: SubmissionRow, headings: list[str]) -> Iterator[str]:
        data = self._results.store.bundle(row.handed_in) if headings and row.handed_in else None
        for name, content in unpack(data).files if data else ():
            if name.casefold().endswith(".ipynb"):
                yield from (f"{name}, cell {number}" for number in cells_with_heading(content, headings))


def cells_with_heading(notebook: bytes, headings: list[str]) -> Iterator[int]:
    """The numbers of the text cells that have one of these headings, from 1 among all cells."""
    try:
        cells = json.loads(notebook, object_pairs_hook=_of_use)["cells"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return
    wanted = {_plain(heading) for heading in headings}
    for number, cell in enumerate(cells if isinstance(cells, list) else (), 1):
        if any(_plain(line) in wanted for line in _text(cell).splitlines() if line.startswith("#")):
            yield number


def _of_use(pairs: list[tuple[str, Any]]) -> dict[str, Any] | None:
    """Of an object what headings are found by. Plots, most of a large notebook, are let go as soon as they are read."""
    return {key: value for key, value in pairs if key in ("cells", "cell_type", "source")} or None


def _text(cell: Any) -> str:
    if not isinstance(cell, dict) or cell.get("cell_type") != "markdown":
        return ""
    source = cell.get("source", "")
    return "".join(map(str, source)) if isinstance(source, list) else str(source)


def _plain(heading: str) -> str:
    return " ".join(heading.strip("#: \t").split()).casefold()
