"""Open a class as it came, on disk or in zips, through one door. Nothing is unpacked to disk."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from grader.classroom.intake.trees.folder import Folder
from grader.classroom.intake.trees.model import Tree
from grader.classroom.intake.trees.parts import PartsTree
from grader.classroom.intake.trees.sections import Floors, SectionsTree, is_section
from grader.classroom.intake.trees.zipped import Zip, open_inside
from grader.errors import UsageError
from grader.submission.collecting import is_source

#: How a folder is called, as one class: the zips in it are its parts, or each of its zips and folders is a section.
PARTS, SECTIONS = "*.zip", "*.zip, a section each"
#: How a folder is called in which the folders are sections, each with a download of an LMS in it.
FLOORS = "*, a section each"


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
        return open_inside(Zip(path)) if below == "." else Zip(path, f"{below}/")
    raise UsageError(f"{path}: a class is a folder, or a .zip of one")


def sections_of(folder: Folder) -> list[Path]:
    """The zips and folders that lie directly in a folder, by name."""
    return [folder.path_of(entry) for entry in folder.entries() if is_section(entry)]


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
