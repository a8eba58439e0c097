"""The class folder as it came, on disk or in a zip, looked at through one door.

Nothing is unpacked to disk and no link is followed. What lies in it is hostile: names may hold anything, and bytes are
only read under the caps of `grader.submission.collecting`.
"""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

from grader.errors import HarnessError, UsageError
from grader.submission.collecting import (
    MAX_ARCHIVE,
    MAX_ENTRIES,
    SubmissionFiles,
    is_archive,
    is_named_as_left_behind,
    is_passed_over,
    is_possible_source,
    is_source,
    read_regular,
    relative_name,
    why_refused,
)
from grader.submission.folders import collect_folder

#: Where the results of a class are kept: a folder with this in it is no submission.
RESULTS = Path("private") / "grades.db"


#: How a folder is called, as one class: the zips in it are its parts, or each of its zips and folders is a section.
PARTS, SECTIONS = "*.zip", "*.zip, a section each"
#: How a folder is called in which the folders are sections, each with a download of an LMS in it.
FLOORS = "*, a section each"
_MOST_AROUND = 3  #: folders around what lies in a section


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


def open_tree(path: Path, results: Path | None = None) -> Tree:
    """The folder or zip of a class.

    Args:
        path: the folder or zip, or a folder in a zip, as if that were unpacked; or PARTS, SECTIONS or FLOORS in one.
        results: where the results go: if that lies in the class folder, it is no submission.

    Raises:
        UsageError: there is no such folder, or it is none.
    """
    if path.name == FLOORS:
        return Floors(open_tree(path.parent, results))
    if path.name in (PARTS, SECTIONS):
        around = Folder(path.parent.resolve(), results.resolve() if results else None)
        places = sections_of(around)
        if path.name == SECTIONS:
            return SectionsTree(around, _section_trees(tuple(places), tuple(map(_stamp, places))))
        zips = [each for each in places if not each.is_dir()]
        return _parts(tuple(zips), tuple(map(_stamp, zips)))
    archive = place_on_disk(path)
    stamp = _stamp(archive)
    if path.is_dir():
        return Folder(path.resolve(), results.resolve() if results else None)
    return _zip(archive.resolve(), path.relative_to(archive).as_posix(), stamp)


def place_on_disk(path: Path) -> Path:
    """The zip that a folder is in, or the folder of several zips; what is in none is its own place."""
    if path.name == FLOORS:
        return place_on_disk(path.parent)
    if path.name in (PARTS, SECTIONS):
        return path.parent
    return next((each for each in (path, *path.parents) if _is_file(each)), path)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that no system takes
        return False


def _stamp(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: there is no such class folder ({getattr(error, 'strerror', error)})") from None


@lru_cache(maxsize=2)  # a process that grades opens the same zip for each submission
def _zip(path: Path, below: str, stamp: int) -> Tree:
    del stamp  # part of the key only: a zip that changed is opened again
    if path.is_file() and zipfile.is_zipfile(path):
        return _inside(Zip(path)) if below == "." else Zip(path, f"{below}/")
    raise UsageError(f"{path}: a class is a folder, or a .zip of one")


def sections_of(folder: Folder) -> list[Path]:
    """The zips and folders that lie directly in a folder, by name."""
    return [folder.path_of(entry) for entry in folder.entries() if _is_section(entry)]


def _is_section(entry: FolderEntry) -> bool:
    is_zip = entry.kind == "file" and entry.name.casefold().endswith(".zip")
    return not entry.is_litter and (entry.kind == "folder" or is_zip)


@lru_cache(maxsize=2)
def _parts(zips: tuple[Path, ...], stamps: tuple[int, ...]) -> Tree:
    trees = [_zip(path, ".", stamp) for path, stamp in zip(zips, stamps, strict=True)]
    return PartsTree(zips[0].parent if zips else Path(), trees)


@lru_cache(maxsize=2)
def _section_trees(places: tuple[Path, ...], stamps: tuple[int, ...]) -> Mapping[str, Tree]:
    found: dict[str, Tree] = {path.name: _section(path) for path in places if path.is_dir()}
    for path, stamp in zip(places, stamps, strict=True):
        if not path.is_dir():
            found[path.name if path.stem in found else path.stem] = _zip(path, ".", stamp)
    return found


def _section(path: Path) -> Folder:
    """The folder of a section, or the one that lies alone in it, where several students' lie in that."""
    folder = Folder(path)
    entries = [entry for entry in folder.entries() if not entry.is_litter]
    if len(entries) != 1 or entries[0].kind != "folder":
        return folder
    below = [entry for entry in folder.entries(entries[0].path) if entry.may_be_code and not entry.is_litter]
    return Folder(folder.path_of(entries[0])) if sum(not is_source(each.name) for each in below) > 1 else folder


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


class Folder:
    """A class folder on disk."""

    def __init__(self, root: Path, results: Path | None = None) -> None:
        self.root = root
        self.doubles: list[str] = []
        self._results = results

    @property
    def name(self) -> str:
        """What the folder is called."""
        return self.root.name

    def path_of(self, entry: FolderEntry) -> Path:
        """Where an entry is."""
        return self.root / entry.path

    def entries(self, folder: str = "") -> list[FolderEntry]:
        """What lies directly in a folder, by name."""
        try:
            with os.scandir(self.root / folder) as found:
                entries = [FolderEntry(each.name, _join(folder, each.name), _kind(each)) for each in found]
        except OSError as error:
            raise UsageError(f"{self.root / folder}: can't be read: {error.strerror}") from None
        return sorted(entry for entry in entries if folder or not self._is_ours(entry))

    def _is_ours(self, entry: FolderEntry) -> bool:
        """Whether a folder at the top holds results of this run or of an earlier one."""
        path = self.root / entry.name
        return entry.kind == "folder" and (path == self._results or (path / RESULTS).exists())

    def read(self, place: str, cap: int) -> bytes:
        """The bytes of a file."""
        try:
            return read_regular(self.root / place, cap)
        except OSError as error:
            raise HarnessError(f"{place}: can't be read: {error.strerror or error}") from None

    def collect(self, place: str, name: str, into: SubmissionFiles) -> None:
        """Collect the sources of a file or folder."""
        path = self.root / place
        if not path.is_dir():
            into.take(name, self.read(place, MAX_ARCHIVE))
            return
        if not os.access(path, os.R_OK | os.X_OK):
            raise HarnessError(f"{place}: this folder can't be read")
        collect_folder(path, into)


class Zip:
    """A class folder in a zip. Nothing is unpacked but what is read, in memory."""

    def __init__(self, root: Path, top: str = "") -> None:
        self.root = root
        self.doubles: list[str] = []
        self.top = top
        try:
            self._archive = zipfile.ZipFile(root)
        except Exception as error:  # noqa: BLE001 - zipfile raises half a dozen types on damaged bytes
            raise UsageError(f"{root}: can't be read as a zip: {error}") from None
        self._members: dict[str, zipfile.ZipInfo] = {}
        self._folders: dict[str, dict[str, FolderEntry]] = {"": {}}
        if len(self._archive.infolist()) > MAX_ENTRIES:
            raise UsageError(f"{root}: more than {MAX_ENTRIES:,} files and folders; is this a class folder?")
        for info in self._archive.infolist():
            self._place(info)

    @property
    def name(self) -> str:
        """What the folder in the zip is called, else the zip."""
        return self.top.rstrip("/").rpartition("/")[2] or self.root.stem

    def path_of(self, entry: FolderEntry) -> Path:
        """Where an entry is, as if the zip were unpacked in its place."""
        return self.root / (self.top + entry.path)

    def _place(self, info: zipfile.ZipInfo) -> None:
        path = _name_of(info).removeprefix(self.top)
        parts = [part for part in path.split("/") if part not in ("", ".")]
        if not parts or why_refused(path) is not None or not _name_of(info).startswith(self.top):
            return
        for depth in range(1, len(parts)):
            self._add("/".join(parts[: depth - 1]), parts[depth - 1], "folder")
        kind = _kind_in_zip(info)
        self._add("/".join(parts[:-1]), parts[-1], kind)
        if kind == "file":
            self._add_member("/".join(parts), info)

    def _add_member(self, place: str, info: zipfile.ZipInfo) -> None:
        """Of several of one name the last counts, as for unzip."""
        if place in self._members:
            self.doubles.append(place)
        self._members[place] = info

    def _add(self, folder: str, name: str, kind: Literal["file", "folder", "other"]) -> None:
        path = _join(folder, name)
        self._folders[folder].setdefault(name, FolderEntry(name, path, kind))
        if kind == "folder":
            self._folders.setdefault(path, {})

    def entries(self, folder: str = "") -> list[FolderEntry]:
        """What lies directly in a folder, by name."""
        return sorted(self._folders.get(folder, {}).values())

    def read(self, place: str, cap: int) -> bytes:
        """The bytes of a file."""
        info = self._members.get(place)
        if info is None:
            raise HarnessError(f"{place}: isn't in {self.root.name} any more")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            # zipfile unpacks the others without a bound on the memory for one step.
            raise HarnessError(f"{place}: its compression is not one that zip files commonly use")
        try:
            with self._archive.open(info) as file:
                return file.read(cap + 1)
        except Exception as error:  # noqa: BLE001 - zipfile raises half a dozen types on damaged bytes
            raise HarnessError(f"{place}: can't be read from {self.root.name}: {error}") from None

    def collect(self, place: str, name: str, into: SubmissionFiles) -> None:
        """Collect the sources of a file or folder."""
        if place in self._members:
            into.take(name, self.read(place, MAX_ARCHIVE))
        elif place in self._folders:
            _collect_below(self, place, "", into)
        else:
            raise HarnessError(f"{place}: isn't in {self.root.name} any more")


def _collect_below(tree: Tree, folder: str, prefix: str, into: SubmissionFiles) -> None:
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
        _collect_below(tree, deeper, under, into)


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
            _collect_below(self, place, "", into)
        else:
            into.take(name, self.read(place, MAX_ARCHIVE))


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
            return sorted([*sections, *(each for each in self._around.entries() if not _is_section(each))])
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


def _inside(archive: Zip) -> Tree:
    """The zip of a folder holds that folder alone; then the class is what lies in it."""
    entries = [entry for entry in archive.entries() if not entry.is_litter]
    if len(entries) != 1 or entries[0].kind != "folder":
        return archive
    below = [entry for entry in archive.entries(entries[0].path) if not entry.is_litter]
    students = any(entry.kind == "folder" or is_archive(entry.name) for entry in below)
    return Zip(archive.root, f"{entries[0].path}/") if students or len(below) > 1 else archive


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _kind(entry: os.DirEntry[str]) -> Literal["file", "folder", "other"]:
    if entry.is_dir(follow_symlinks=False):
        return "folder"
    return "file" if entry.is_file(follow_symlinks=False) else "other"


def _kind_in_zip(info: zipfile.ZipInfo) -> Literal["file", "folder", "other"]:
    if info.is_dir():
        return "folder"
    kind = stat.S_IFMT(info.external_attr >> 16)  # zero where the archive was made on Windows
    return "file" if kind in (0, stat.S_IFREG) else "other"


def _name_of(info: zipfile.ZipInfo) -> str:
    """The member's name. Some archivers write UTF-8 and don't say so; then zipfile has read it as the IBM PC's code."""
    name = info.filename
    if not info.flag_bits & 0x800:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return relative_name(name)
