"""A class folder on disk. No link is followed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from grader.classroom.intake.trees.model import FolderEntry, join_place
from grader.errors import HarnessError, UsageError
from grader.submission.collecting import MAX_ARCHIVE, SubmissionFiles, read_regular
from grader.submission.folders import collect_folder

#: Where the results of a class are kept: a folder with this in it is no submission.
RESULTS = Path("private") / "grades.db"


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
                entries = [FolderEntry(each.name, join_place(folder, each.name), _kind(each)) for each in found]
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


def _kind(entry: os.DirEntry[str]) -> Literal["file", "folder", "other"]:
    if entry.is_dir(follow_symlinks=False):
        return "folder"
    return "file" if entry.is_file(follow_symlinks=False) else "other"
