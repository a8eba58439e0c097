"""A class in a zip."""

from __future__ import annotations

import stat
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Literal

from grader.classroom.intake.trees.model import FolderEntry, Tree, collect_below, join_place
from grader.errors import HarnessError, UsageError
from grader.submission.collecting import (
    MAX_ARCHIVE,
    MAX_ENTRIES,
    SubmissionFiles,
    is_archive,
    relative_name,
    why_refused,
)


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
        path = join_place(folder, name)
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
            collect_below(self, place, "", into)
        else:
            raise HarnessError(f"{place}: isn't in {self.root.name} any more")


def open_inside(archive: Zip) -> Tree:
    """The zip of a folder holds that folder alone; then the class is what lies in it."""
    entries = [entry for entry in archive.entries() if not entry.is_litter]
    if len(entries) != 1 or entries[0].kind != "folder":
        return archive
    below = [entry for entry in archive.entries(entries[0].path) if not entry.is_litter]
    students = any(entry.kind == "folder" or is_archive(entry.name) for entry in below)
    return Zip(archive.root, f"{entries[0].path}/") if students or len(below) > 1 else archive


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
