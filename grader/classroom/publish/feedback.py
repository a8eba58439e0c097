"""OUT/feedback/feedback.zip: everyone's report under the name that the LMS knows their submission by.

Where an LMS shows the file under the name of what was handed in, the report takes that file's form: comments in a
`.py`, a cell in a notebook, a file in an archive.
"""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from grader.classroom.intake.file_names import make_stem
from grader.classroom.intake.model import StudentSubmission
from grader.classroom.layouts import FEEDBACK_NAME, FeedbackFiles
from grader.classroom.layouts.recognise import LAYOUTS
from grader.classroom.outputs.student_files import FEEDBACK as FOLDER
from grader.classroom.store.store import SubmissionRow
from grader.files import write_bytes
from grader.report.formats import FORMATS

FEEDBACK_ZIP = FOLDER / "feedback.zip"
_PAGE_NAME = str(PurePosixPath(FEEDBACK_NAME).with_suffix(".html"))
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same reports make the same bytes


def write_feedback(out: Path, rows: Iterable[SubmissionRow]) -> str:
    """Write the zip; gives what to do with it. Nothing where the class came from no LMS that takes one.

    Raises:
        UsageError: it can't be written.
    """
    handed = [row.handed for row in rows if row.handed.parts and row.sha256]
    lms = _lms(handed)
    if lms is None:
        (out / FEEDBACK_ZIP).unlink(missing_ok=True)
        return ""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        count = 0
        for report in _reports(out, handed, lms):
            count += 1
            for name, content in report.items():
                archive.writestr(_info(name), content)
    write_bytes(out / FEEDBACK_ZIP, data.getvalue())
    return f"{out / FEEDBACK_ZIP}: {count} reports, under {lms.said}"


def _lms(handed: Iterable[StudentSubmission]) -> FeedbackFiles | None:
    """The LMS whose names all of them have."""
    names = [PurePosixPath(part.place).name for each in handed for part in each.parts]
    known = (layout.feedback for layout in LAYOUTS.values() if layout.feedback)
    return next((each for each in known if names and all(map(each.names.fullmatch, names))), None)


def _reports(out: Path, handed: Iterable[StudentSubmission], lms: FeedbackFiles) -> Iterator[dict[str, bytes]]:
    """The entries about each submission, at the first of its files: the report, and the page where the LMS takes it."""
    for each in handed:
        report, page = (out / FOLDER / (make_stem(each.id) + FORMATS[form].suffix) for form in ("markdown", "html"))
        name = lms.entry(each.parts[0])
        if not name or not report.is_file() or not _is_text(name):
            continue
        content, shown = report.read_text(), page.read_bytes() if page.is_file() else b""
        if lms.as_handed_in:
            yield {name: _in_the_form_of(name, content, shown)}
        else:
            yield {name: content.encode()} | ({str(PurePosixPath(name).with_suffix(".html")): shown} if shown else {})


def _in_the_form_of(name: str, report: str, page: bytes) -> bytes:
    """The report as a file that opens as what its name says."""
    suffix = PurePosixPath(name).suffix.lower()
    if suffix == ".ipynb":
        return _notebook(report)
    if suffix == ".zip":
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as archive:
            archive.writestr(_info(FEEDBACK_NAME), report)
            if page:
                archive.writestr(_info(_PAGE_NAME), page)
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
