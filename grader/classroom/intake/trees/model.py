"""A class as it came, whatever it came in: what can be asked of it, and a walk through it.

What lies in it is hostile: names may hold anything, and bytes are only read under the caps of
`grader.submission.collecting`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

from grader.errors import UsageError
from grader.submission.collecting import (
    MAX_ARCHIVE,
    MAX_ENTRIES,
    SubmissionFiles,
    is_archive,
    is_named_as_left_behind,
    is_passed_over,
    is_possible_source,
    is_source,
)


class FolderEntry(NamedTuple):
    """A name in a folder of the class."""

    name: str
    path: str  #: from the top of the class folder, with forward slashes
    kind: Literal["file", "folder", "other"]

    @property
    def is_litter(self) -> bool:
        """Whether nobody handed this in: `.DS_Store`, `__MACOSX`, `~$notes.docx`."""
        return is_passed_over(self.name)

    @property
    def may_be_code(self) -> bool:
        """Whether a submission can be made of it."""
        return self.kind == "folder" or (self.kind == "file" and (is_source(self.name) or is_archive(self.name)))


class Tree(Protocol):
    """A class folder."""

    root: Path
    doubles: list[str]  #: names that stand in it twice, as only a zip can hold them; of these the last counts

    @property
    def name(self) -> str:
        """What the folder is called."""

    def path_of(self, entry: FolderEntry) -> Path:
        """Where an entry is, for `open_tree`."""

    def entries(self, folder: str = "") -> list[FolderEntry]:
        """What lies directly in a folder, by name."""

    def read(self, place: str, cap: int) -> bytes:
        """The bytes of a file, at most `cap + 1` of them. Raises HarnessError where they can't be had."""

    def collect(self, place: str, name: str, into: SubmissionFiles) -> None:
        """Collect the sources of a file or folder; of a folder, under their names in it.

        Raises HarnessError where it can't be read: that is no fault of whoever handed it in.
        """


def is_litter(entry: FolderEntry) -> bool:
    """Whether nobody handed this in."""
    return entry.is_litter


def is_left_behind(entry: FolderEntry) -> bool:
    """Whether this lies in folders into which nobody put anything."""
    return is_named_as_left_behind(entry.name)


def walk(tree: Tree, folder: str = "", is_passed: Callable[[FolderEntry], bool] = is_litter) -> Iterator[FolderEntry]:
    """Every file below a folder of the tree, without what is passed over: litter, if nothing else is said."""
    waiting, seen = [folder], 0
    while waiting:
        for entry in tree.entries(waiting.pop()):
            seen += 1
            if seen > MAX_ENTRIES:
                raise UsageError(f"{tree.root}: more than {MAX_ENTRIES:,} files and folders; is this a class folder?")
            if entry.kind == "folder" and not is_passed(entry):
                waiting.append(entry.path)
            elif entry.kind == "file" and not is_passed(entry):
                yield entry


def collect_below(tree: Tree, folder: str, prefix: str, into: SubmissionFiles) -> None:
    """Collect the sources below a folder, under their names in it, with `prefix` before them."""
    below = []
    for entry in tree.entries(folder):
        path = prefix + entry.name
        if is_passed_over(entry.name) or not into.counts(path):
            continue
        if entry.kind == "folder":
            below.append((entry.path, f"{path}/"))
        elif entry.kind == "other" and is_possible_source(entry.name):
            into.complain(path, "left out: it is a link or a device, not a file")
        elif entry.kind == "file" and into.has_room(path):
            into.take(path, tree.read(entry.path, MAX_ARCHIVE))
    for deeper, under in below:
        collect_below(tree, deeper, under, into)


def join_place(folder: str, name: str) -> str:
    """The path of what lies in a folder; the top is the empty one."""
    return f"{folder}/{name}" if folder else name
