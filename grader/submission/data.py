"""Files that were handed in for the code to read: arrays, tables, texts, and code that it runs by itself."""

from __future__ import annotations

from collections.abc import Sequence

from .collecting import FoundFile, SubmissionFiles, is_data


def data_files_in(found: SubmissionFiles) -> Sequence[FoundFile]:
    """The files of data in what was unpacked, as many as fit, and the scripts: `exec(open("nn.py").read())`."""
    return [file for file in found.files if is_data(file.path) or file.path.endswith(".py")]
