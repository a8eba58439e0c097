"""Find what was handed in: a path becomes bytes, and what can't be graded at all is wrong usage."""

from __future__ import annotations

import os
import stat
from itertools import islice
from pathlib import Path

from grader.errors import UsageError, did_you_mean
from grader.submission.collecting import SubmissionFiles, Upload, is_archive, is_source, read_regular, size_limit
from grader.submission.folders import collect_folder

#: Names beside a path that are looked at for one like it.
_MOST_BESIDE = 1_000


def read_submission(path: Path) -> Upload:
    """Read what was handed in, without unpacking, decoding, parsing or running any of it.

    Raises UsageError where there is nothing to grade: no such file, unreadable, not Python, no file of Python inside.
    All else is graded; what is wrong with it stands in `problems`.
    """
    found = _collect(path)
    if not found.files and not found.problems:
        raise UsageError(f"{path}: nothing to grade in it: no .py and no .ipynb file")
    found.report_unsaid()
    return Upload(path.name or str(path.absolute().name), tuple(found.files), tuple(found.problems))


def _collect(path: Path) -> SubmissionFiles:
    found = SubmissionFiles()
    if stat.S_ISDIR(_kind_of(path)):
        collect_folder(path, found)
        return found
    data = _read(path)
    if found.admits(path.name, len(data)):
        found.add(path.name, data)
    return found


def _kind_of(path: Path) -> int:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        raise UsageError(f"{path}: there is no such file or folder{_nearest(path)}") from None
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: it can't be read: {_reason(error)}") from None
    if stat.S_ISLNK(mode):
        raise UsageError(f"{path}: it is a link, and links are not followed; give {_target(path)} itself")
    if stat.S_ISDIR(mode):
        _must_be_readable(path)
    elif not stat.S_ISREG(mode):
        raise UsageError(f"{path}: it is neither a regular file nor a folder")
    elif not is_source(path.name) and not is_archive(path.name):
        raise UsageError(f"{path}: what can be graded is a .py, an .ipynb, a folder, a .zip or a .tar (.gz, .bz2, .xz)")
    return mode


def _nearest(path: Path) -> str:
    """A name beside it that is much like its own."""
    try:
        beside = [each.name for each in islice(path.parent.iterdir(), _MOST_BESIDE)]
    except OSError:
        return ""
    return did_you_mean(path.name, beside)


def _target(path: Path) -> str:
    try:
        return str(path.readlink())
    except OSError:
        return "the file"


def _must_be_readable(folder: Path) -> None:
    try:
        with os.scandir(folder):
            pass
    except OSError as error:
        raise UsageError(f"{folder}: it can't be read: {_reason(error)}") from None


def _read(path: Path) -> bytes:
    try:
        return read_regular(path, size_limit(path.name))
    except OSError as error:
        raise UsageError(f"{path}: it can't be read: {_reason(error)}") from None


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
