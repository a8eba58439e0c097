"""OUT/return/feedback.zip: everyone's report under the name that Canvas or Moodle gave their submission.

Canvas finds the student by the numbers in an entry's name, and shows the file under the name of what was handed in. So
the report takes that file's form: comments in a `.py`, a cell in a notebook, a file in an archive. Moodle finds the
student by the folder, and takes any file in it.
"""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from grader.classroom.intake.file_names import make_stem
from grader.classroom.intake.model import StudentSubmission, SubmittedFile
from grader.classroom.layouts import canvas, moodle
from grader.classroom.outputs.student_files import RETURN
from grader.classroom.store.store import SubmissionRow
from grader.files import write_bytes

FEEDBACK = RETURN / "feedback.zip"
FEEDBACK_NAME = "feedback.md"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same reports make the same bytes


def write_feedback(out: Path, rows: Iterable[SubmissionRow]) -> str:
    """Write the zip; gives what to do with it. Nothing where the class came from neither Canvas nor Moodle.

    Raises:
        UsageError: it can't be written.
    """
    handed = [row.handed for row in rows if row.handed.parts and row.sha256]
    lms = _lms(handed)
    if lms is None:
        (out / FEEDBACK).unlink(missing_ok=True)
        return ""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _entries(out, handed, lms):
            archive.writestr(_info(name), content)
        count = len(archive.infolist())
    write_bytes(out / FEEDBACK, data.getvalue())
    return f"{out / FEEDBACK}: {count} reports, under {_WORDS[lms]}"


_WORDS = {
    "canvas": "Canvas's own names: upload it with the assignment's `Upload Submissions`",
    "moodle": "Moodle's own names: upload it with `Upload multiple feedback files in a zip`",
}


def _lms(handed: Iterable[StudentSubmission]) -> str | None:
    names = [PurePosixPath(part.place).name for each in handed for part in each.parts]
    for lms, pattern in (("canvas", canvas.NAME), ("moodle", moodle.NAME)):
        if names and all(map(pattern.fullmatch, names)):
            return lms
    return None


def _entries(out: Path, handed: Iterable[StudentSubmission], lms: str) -> Iterator[tuple[str, bytes]]:
    """Each entry's name and content; one for each submission, at the first of its files."""
    for each in handed:
        report = out / RETURN / f"{make_stem(each.id)}.md"
        part = each.parts[0]
        name = PurePosixPath(part.place).name if lms == "canvas" else _in_moodle(part)
        if report.is_file() and _is_text(name):
            content = report.read_text()
            yield name, _in_the_form_of(name, content) if lms == "canvas" else content.encode()


def _in_moodle(part: SubmittedFile) -> str:
    """Beside what was handed in: in its folder, or behind the prefix that a flat name has."""
    name = PurePosixPath(part.place).name
    return name.removesuffix(part.name) + FEEDBACK_NAME if part.name else f"{name}/{FEEDBACK_NAME}"


def _in_the_form_of(name: str, report: str) -> bytes:
    """The report as a file that opens as what its name says."""
    suffix = PurePosixPath(name).suffix.lower()
    if suffix == ".ipynb":
        return _notebook(report)
    if suffix == ".zip":
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as archive:
            archive.writestr(_info(FEEDBACK_NAME), report)
        return data.getvalue()
    if suffix in (".tar", ".gz", ".tgz"):
        return _tar(report, "w" if suffix == ".tar" else "w:gz")
    return "".join(f"# {line}".rstrip() + "\n" for line in report.splitlines()).encode()


def _notebook(report: str) -> bytes:
    cell = {"cell_type": "markdown", "id": "feedback", "metadata": {}, "source": report}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def _tar(report: str, mode: str) -> bytes:
    data, content = io.BytesIO(), report.encode()
    info = tarfile.TarInfo(FEEDBACK_NAME)
    info.size = len(content)
    with tarfile.open(fileobj=data, mode=mode) as archive:  # type: ignore[call-overload]
        archive.addfile(info, io.BytesIO(content))
    return data.getvalue()


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _is_text(name: str) -> bool:
    """Whether the name can stand in a zip; one that is no Unicode came from no LMS."""
    return name.encode("utf-8", "replace").decode() == name
