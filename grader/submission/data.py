"""Files that were handed in for the code to read: arrays, tables, texts."""

from __future__ import annotations

from collections.abc import Sequence

from .archives import unfold
from .collecting import FoundFile, SubmissionFiles, Upload, is_data


def data_files_in(upload: Upload) -> Sequence[FoundFile]:
    """The files of data in what was handed in, also in an archive, as many as fit."""
    found = SubmissionFiles()
    alone = len(upload.files) == 1
    for file in upload.files:
        unfold(file.path, file.data, "" if alone else f"{file.path}/", found, alone=alone)
    return [file for file in found.files if is_data(file.path)]
