"""Which files a child may see: a Python's standard library, the granted packages, and the system's shared libraries."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from typing import NamedTuple

_PACKAGES = ("site-packages", "dist-packages")  # other people's code, and perhaps the grader's


class ReadableFiles(NamedTuple):
    """Folders and files, all of them to be read only, and none of them a secret."""

    library: tuple[str, ...]  #: the standard library's folders
    entries: tuple[str, ...]  #: the granted packages
    shared: tuple[str, ...]  #: folders of shared libraries, and the loader's cache

    def readable(self) -> Iterator[tuple[str, bool]]:
        """Every entry that may be read, and whether it's a folder, which stands for all below it."""
        for folder in self.library:
            yield from ((entry.path, entry.is_dir()) for entry in _entries(folder) if entry.name not in _PACKAGES)
        for entry in self.entries:
            yield entry, os.path.isdir(entry)
        for place in self.shared:
            yield from _shared_entries(place)


def _shared_entries(place: str) -> Iterator[tuple[str, bool]]:
    """A folder of shared libraries as a whole, or, where Pythons live in it too, only its own shared libraries."""
    if os.path.isdir(place) and any(packages_in(place)):
        yield from ((entry.path, False) for entry in _entries(place) if ".so" in entry.name and entry.is_file())
    else:
        yield place, os.path.isdir(place)


def _entries(folder: str) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return list(entries)


def packages_in(folder: str) -> Iterator[str]:
    """Folders in a shown one that hold packages which nobody granted: a library's own, or a whole other Python."""
    for entry in _entries(folder):
        if (entry.name in _PACKAGES or entry.name.startswith("python")) and entry.is_dir():
            yield entry.path


def view(entries: Iterable[str]) -> ReadableFiles:
    """What this very process has shown that a Python needs here: it has imported numpy by now."""
    library = {os.path.realpath(os.path.dirname(os.__file__)), *_dynamic_folders()}
    outermost = sorted(folder for folder in library if not any(_within(folder, other) for other in library))
    entries = tuple(entries)
    covered = (*outermost, *entries)
    shared = [
        folder for folder in _folders_of_libraries() if not any(folder == c or _within(folder, c) for c in covered)
    ]
    cache = "/etc/ld.so.cache"  # where the loader finds what lies outside its default folders
    return ReadableFiles(tuple(outermost), entries, (*shared, *([cache] if os.path.exists(cache) else [])))


def _dynamic_folders() -> Iterator[str]:
    """`lib-dynload`, which some systems keep apart from the rest of the library."""
    return (os.path.realpath(path) for path in sys.path if path.endswith("lib-dynload") and os.path.isdir(path))


def _folders_of_libraries() -> list[str]:
    """Where the shared libraries lie that are mapped right now; those that are imported later lie there too."""
    with open("/proc/self/maps", encoding="utf-8", errors="surrogateescape") as file:
        lines = file.read().splitlines()
    files = {line[line.index("/") :] for line in lines if "/" in line and ".so" in line}
    folders = {os.path.realpath(os.path.dirname(file)) for file in files}
    return sorted(folder for folder in folders if not set(_PACKAGES) & set(folder.split("/")))


def _within(path: str, folder: str) -> bool:
    return path != folder and path.startswith(folder.rstrip("/") + "/")
