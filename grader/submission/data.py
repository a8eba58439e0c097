"""Files that were handed in for the code to read: arrays, tables, texts."""

from __future__ import annotations

from collections.abc import Sequence

from .collecting import MIB, FoundFile, Upload

#: The child has them in memory, beside all else that the rubric's limit is for.
MAX_DATA = 32 * MIB

_DATA = (
    ".npy",
    ".npz",
    ".csv",
    ".tsv",
    ".txt",
    ".dat",
    ".data",
    ".json",
    ".pkl",
    ".pickle",
    ".p",
    ".mat",
    ".bin",
    ".gz",
)


def is_data(name: str) -> bool:
    """Whether a file of that name is one that code reads."""
    return name.casefold().endswith(_DATA) and not name.casefold().endswith(".tar.gz")


def data_files_in(upload: Upload) -> Sequence[FoundFile]:
    """The files of data in what was handed in, as many as fit."""
    found, size = [], 0
    for file in upload.files:
        if is_data(file.path) and size + len(file.data) <= MAX_DATA:
            size += len(file.data)
            found.append(file)
    return found
