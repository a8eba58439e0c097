"""A bundle for a grader: the table to fill in, and below `work/` each student's attachments and source."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

import msgspec

from grader.classroom.decisions.by_hand import WORK
from grader.classroom.intake.bundle import unpack
from grader.classroom.intake.file_names import make_stem
from grader.classroom.intake.tree import open_tree
from grader.classroom.intake.trees.model import Tree
from grader.classroom.publish.attachments import NO_ATTACHMENT, PERHAPS
from grader.classroom.review.results import Results
from grader.classroom.store.store import SubmissionRow
from grader.errors import GradeError
from grader.rubric.model import Manual
from grader.submission.collecting import MAX_ARCHIVE

_EPOCH = (1980, 1, 1, 0, 0, 0)
_CELL = re.compile(r"(?P<name>.+), cell (?P<number>\d+)", re.DOTALL)


class Work(msgspec.Struct, frozen=True):
    """An item of a submission, as a grader sees it."""

    item: Manual
    code: str  #: in place of the student's id; empty where names may be seen
    places: tuple[str, ...]  #: of its attachments

    @property
    def shown_places(self) -> Iterator[str]:
        """Where to look. Names of files are the students' own, so a grader who sees no names sees none of those."""
        return (_hide(place, number) if self.code else place for number, place in enumerate(self.places, 1))


def _hide(place: str, number: int) -> str:
    if place == NO_ATTACHMENT:
        return place
    cell, perhaps = _CELL.fullmatch(place), PERHAPS if place.startswith(PERHAPS) else ""
    return (
        f"a notebook, cell {cell['number']}" if cell else f"{perhaps}attachment {number}{PurePosixPath(place).suffix}"
    )


def bundle_work(results: Results, name: str, table: str, due: Sequence[tuple[Work, SubmissionRow]]) -> bytes:
    """The bundle as a zip.

    Args:
        results: the store has what was handed in, the class folder the attachments.
        name: of the table.
        table: as text.
        due: what the grader looks at.
    """
    files: dict[str, bytes] = {name: table.encode()}
    tree = _class_folder(results)
    attached = {(row.handed.id, PurePosixPath(place).name) for work, row in due for place in work.places}
    for work, row in due:
        folder = f"{WORK}/{work.code or make_stem(row.handed.id)}"
        files |= {f"{folder}/{each}": data for each, data in _source(results, work, row, attached)}
        files |= {f"{folder}/{each}": data for each, data in _attachments(tree, work)}
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, content in files.items():
            archive.writestr(zipfile.ZipInfo(each.encode("utf-8", "backslashreplace").decode(), _EPOCH), content)
    return data.getvalue()


def without_work(bundle: bytes, folders: Sequence[str], name: str, table: str) -> bytes:
    """The bundle without what some students handed in, and with another table."""
    data = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(bundle)) as old, zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if not _is_in(info, folders):
                is_table = PurePosixPath(info.filename).name == name
                new.writestr(info, table.encode() if is_table else old.read(info))
    return data.getvalue()


def holds_work(bundle: Path, folders: Sequence[str]) -> bool:
    """Whether there is anything in one of these folders; of what can't be read it is assumed."""
    try:
        with zipfile.ZipFile(bundle) as archive:
            return any(_is_in(info, folders) for info in archive.infolist())
    except Exception:  # noqa: BLE001 - zipfile raises half a dozen types on damaged bytes
        return True


def _is_in(info: zipfile.ZipInfo, folders: Sequence[str]) -> bool:
    parts = PurePosixPath(info.filename).parts
    return WORK in parts[:-1] and parts[parts.index(WORK) + 1] in folders


def _class_folder(results: Results) -> Tree | None:
    folder = results.store.setting("folder")
    try:
        return open_tree(Path(folder)) if folder else None
    except GradeError:
        return None


def _source(
    results: Results, work: Work, row: SubmissionRow, attached: set[tuple[str, str]]
) -> Iterator[tuple[str, bytes]]:
    packed = results.store.bundle(row.handed_in) if row.handed_in else None
    files = unpack(packed).files if packed else ()
    found = [(name, data) for name, data in files if (row.handed.id, PurePosixPath(name).name) not in attached]
    for number, (name, data) in enumerate(found, 1):
        yield (f"source/file {number}{PurePosixPath(name).suffix}" if work.code else f"source/{name}"), data


def _attachments(tree: Tree | None, work: Work) -> Iterator[tuple[str, bytes]]:
    if tree is None:
        return
    for number, place in enumerate(work.places, 1):
        try:
            data = tree.read(place.removeprefix(PERHAPS), MAX_ARCHIVE)
        except GradeError:  # a cell of a notebook, or no file any more
            continue
        yield (
            (_hide(place, number).removeprefix(PERHAPS) if work.code else f"attachments/{PurePosixPath(place).name}"),
            data,
        )
