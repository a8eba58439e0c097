"""A class in sections."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from grader.classroom.intake.trees.folder import Folder
from grader.classroom.intake.trees.model import FolderEntry, Tree
from grader.submission.collecting import SubmissionFiles

_MOST_AROUND = 3  #: folders around what lies in a section


class SectionsTree:
    """A class in several zips, or zips and folders, of which each is a section: as if each zip were unpacked."""

    def __init__(self, around: Folder, trees: Mapping[str, Tree]) -> None:
        self.root = around.root
        self._around = around
        self._trees = trees
        self.doubles = [f"{name}/{place}" for name, tree in trees.items() for place in tree.doubles]

    @property
    def name(self) -> str:
        """What the folder of the sections is called."""
        return self.root.name

    def path_of(self, entry: FolderEntry) -> Path:
        """Where an entry is, as if its zip were unpacked in its place."""
        tree, below = self._within(entry.path)
        return tree.path_of(entry._replace(path=below))

    def entries(self, folder: str = "") -> list[FolderEntry]:
        """What lies directly in a folder, by name; at the top the sections, and what is none."""
        if not folder:
            sections = [FolderEntry(name, name, "folder") for name in self._trees]
            return sorted([*sections, *(each for each in self._around.entries() if not is_section(each))])
        tree, below = self._within(folder)
        section = folder.partition("/")[0]
        return [entry._replace(path=f"{section}/{entry.path}") for entry in tree.entries(below)]

    def read(self, place: str, cap: int) -> bytes:
        """The bytes of a file."""
        tree, below = self._within(place)
        return tree.read(below, cap)

    def collect(self, place: str, name: str, into: SubmissionFiles) -> None:
        """Collect the sources of a file or folder."""
        tree, below = self._within(place)
        tree.collect(below, name, into)

    def _within(self, place: str) -> tuple[Tree, str]:
        name, _, below = place.partition("/")
        return (self._trees[name], below) if name in self._trees else (self._around, place)


def is_section(entry: FolderEntry) -> bool:
    """Whether this is a zip or a folder, and no litter."""
    is_zip = entry.kind == "file" and entry.name.casefold().endswith(".zip")
    return not entry.is_litter and (entry.kind == "folder" or is_zip)


class Floors:
    """A class in sections, as if what lies in all of them lay in one place: an LMS's names say whose it is."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self.root = tree.root
        self.doubles = tree.doubles

    @property
    def name(self) -> str:
        """What the folder of the sections is called."""
        return self._tree.name

    def path_of(self, entry: FolderEntry) -> Path:
        """Where an entry is."""
        return self._tree.path_of(entry)

    def entries(self, folder: str = "") -> list[FolderEntry]:
        """What lies directly in a folder, by name; at the top what lies in the sections."""
        if folder:
            return self._tree.entries(folder)
        sections = sections_in(self._tree)
        others = [entry for entry in self._tree.entries() if entry not in sections]
        inner = (inside_of(self._tree, each) for each in sections)
        return sorted([*others, *(entry for each in inner for entry in self._tree.entries(each.path))])

    def read(self, place: str, cap: int) -> bytes:
        """The bytes of a file."""
        return self._tree.read(place, cap)

    def collect(self, place: str, name: str, into: SubmissionFiles) -> None:
        """Collect the sources of a file or folder."""
        self._tree.collect(place, name, into)


def sections_in(tree: Tree) -> list[FolderEntry]:
    """The folders at the top, which are sections if anything is."""
    return [entry for entry in tree.entries() if entry.kind == "folder" and not entry.is_litter]


def inside_of(tree: Tree, section: FolderEntry) -> FolderEntry:
    """The folder in which the class of a section lies: itself, or one that lies alone in it."""
    for _ in range(_MOST_AROUND):
        below = [entry for entry in tree.entries(section.path) if not entry.is_litter]
        if len(below) != 1 or below[0].kind != "folder":
            break
        if len([entry for entry in tree.entries(below[0].path) if not entry.is_litter]) < 2:
            break  # a lone student
        section = below[0]
    return section
