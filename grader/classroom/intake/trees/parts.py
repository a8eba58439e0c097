"""A class in several zips that are one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from grader.classroom.intake.trees.model import FolderEntry, Tree, collect_below
from grader.errors import HarnessError
from grader.submission.collecting import MAX_ARCHIVE, SubmissionFiles


class PartsTree:
    """A class in several zips, as if all were unpacked in one place: an LMS, or a drive, has cut its download."""

    def __init__(self, root: Path, trees: Sequence[Tree]) -> None:
        self.root = root
        self._trees = trees
        self.doubles = [place for tree in self._trees for place in tree.doubles]
        self._owners: dict[str, Tree] = {}
        self._folders: dict[str, dict[str, FolderEntry]] = {}
        for tree in self._trees:
            self._take(tree)

    @property
    def name(self) -> str:
        """What the folder of the zips is called."""
        return self.root.name

    def _take(self, tree: Tree) -> None:
        """Of several files of one name the last counts, as when the zips are unpacked one after the other."""
        waiting = [""]
        while waiting:
            folder = waiting.pop()
            for entry in tree.entries(folder):
                if entry.kind == "folder":
                    waiting.append(entry.path)
                elif entry.path in self._owners:
                    self.doubles.append(entry.path)
                self._owners[entry.path] = tree
                self._folders.setdefault(folder, {})[entry.name] = entry

    def path_of(self, entry: FolderEntry) -> Path:
        """Where an entry is, as if its zip were unpacked in its place."""
        return self._owners[entry.path].path_of(entry)

    def entries(self, folder: str = "") -> list[FolderEntry]:
        """What lies directly in a folder, by name."""
        return sorted(self._folders.get(folder, {}).values())

    def read(self, place: str, cap: int) -> bytes:
        """The bytes of a file."""
        if place not in self._owners:
            raise HarnessError(f"{place}: isn't in the zips of {self.root.name} any more")
        return self._owners[place].read(place, cap)

    def collect(self, place: str, name: str, into: SubmissionFiles) -> None:
        """Collect the sources of a file or folder."""
        if place in self._folders:
            collect_below(self, place, "", into)
        else:
            into.take(name, self.read(place, MAX_ARCHIVE))
