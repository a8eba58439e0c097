"""Find what was handed in: a path becomes bytes, and what can't be graded at all is wrong usage."""

from __future__ import annotations

import os
import stat
from itertools import islice
from pathlib import Path

from grader.errors import UsageError, did_you_mean
from grader.submission.collecting import SubmissionFiles, Upload, read_file
from grader.submission.folders import collect_folder

#: Names beside a path that are looked at for one like it.
_MOST_BESIDE = 1_000
#: Names in a folder without work that are said.
_MOST_NAMED = 3


def read_submission(path: Path) -> Upload:
    """Read what was handed in, without unpacking, decoding, parsing or running any of it.

    Raises UsageError where there is nothing to grade: no such file, one that the system doesn't let us read, another
    kind of file, a folder without any. What else is wrong stands in `problems`; what can be read, the child will say.
    """
    found = _collect(path)
    if not found.files and not found.problems:
        raise UsageError(f"{path}: nothing to grade: there is no file with anything in it{_only_these(path)}")
    found.report_unsaid()
    return Upload(path.name or str(path.absolute().name), tuple(found.files), tuple(found.problems))


def _collect(path: Path) -> SubmissionFiles:
    found = SubmissionFiles()
    if stat.S_ISDIR(_kind_of(path)):
        collect_folder(path, found)
        return found
    found.take(path.name, _read(path), alone=True)
    return found


def _only_these(folder: Path) -> str:
    """What lies in it all the same, such as `.DS_Store` or `.git`."""
    with os.scandir(folder) as entries:
        names = sorted(each.name for each in islice(entries, _MOST_BESIDE))
    more = ", ..." if len(names) > _MOST_NAMED else ""
    return f", only {', '.join(map(repr, names[:_MOST_NAMED]))}{more}" if names else ""


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
        return read_file(path, path.name)
    except OSError as error:
        raise UsageError(f"{path}: it can't be read: {_reason(error)}") from None


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
