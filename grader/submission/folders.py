"""Walk through a folder that a student handed in: regular files only, no link followed, nothing waited for."""

from __future__ import annotations

import os
from pathlib import Path

from .collecting import (
    MAX_DEPTH,
    SubmissionFiles,
    is_named_as_source,
    is_passed_over,
    is_possible_source,
    read_file,
)


def collect_folder(root: Path, into: SubmissionFiles) -> None:
    """Collect all sources below `root`, in the order of their names, files before folders."""
    waiting = [(root, "")]
    while waiting:
        folder, prefix = waiting.pop()
        entries = _entries(folder, prefix, into)
        if any(entry.name == "pyvenv.cfg" for entry in entries):
            continue  # a virtual environment, whatever its name
        below = []
        for entry in entries:
            if not into.counts(prefix or root.name):
                return
            if entry.is_dir(follow_symlinks=False):
                below.append((folder / entry.name, f"{prefix}{entry.name}/"))
            else:
                _collect_file(entry, prefix + entry.name, into)
        waiting.extend(reversed(below))


def _entries(folder: Path, prefix: str, into: SubmissionFiles) -> list[os.DirEntry[str]]:
    if prefix.count("/") > MAX_DEPTH:
        into.complain(prefix, f"left out: more than {MAX_DEPTH} folders deep")
        return []
    try:
        with os.scandir(folder) as found:
            entries = [entry for entry in found if entry.name == "pyvenv.cfg" or not is_passed_over(entry.name)]
    except OSError as error:
        into.unreadable(prefix or folder.name, "this folder can't be read", error)
        return []
    return sorted(entries, key=lambda entry: entry.name)


def _collect_file(entry: os.DirEntry[str], path: str, into: SubmissionFiles) -> None:
    if entry.is_symlink():
        if is_possible_source(entry.name):
            into.complain(path, "left out: it is a link; hand in the file itself")
    elif not entry.is_file(follow_symlinks=False):
        if is_named_as_source(path):
            into.complain(path, "left out: it is not a regular file")
    elif into.has_room(path):
        collect_file(Path(entry.path), path, into)


def collect_file(file: Path, path: str, into: SubmissionFiles) -> None:
    """Collect one regular file, as it is."""
    try:
        data = read_file(file, path)
    except OSError as error:
        if is_possible_source(path):
            into.unreadable(path, "it can't be read", error)
        return
    into.take(path, data)
