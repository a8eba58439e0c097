"""A class's plan with its files: for machines that don't have them, and for grading again when they have changed."""

from __future__ import annotations

import zlib
from pathlib import Path

import msgspec

from grader.classroom.store.fingerprint import reference_files
from grader.classroom.workers.job import GradingJob
from grader.errors import UsageError
from grader.plan.assignment import Assignment


class AssignmentSnapshot(msgspec.Struct, frozen=True):
    """A kit, and what its files hold."""

    kit: GradingJob
    rubric: tuple[str, bytes]  #: the file's name, and what is in it
    references: tuple[tuple[str, dict[str, bytes]], ...]  #: each folder, as the rubric calls it, and its files

    def unpack(self, folder: Path) -> GradingJob:
        """Write the files below `folder`, where the rubric finds its reference beside itself.

        Raises:
            UsageError: the rubric's name for a reference is no place beside it.
        """
        rubric = folder / self.rubric[0]
        for name, files in self.references:
            reference = (folder / name).resolve()
            if not reference.is_relative_to(folder.resolve()) or reference == folder.resolve():
                raise UsageError(f"the reference {name!r} must be a folder beside its rubric to travel")
            reference.mkdir(parents=True, exist_ok=True)
            _write(reference, files)
        rubric.write_bytes(self.rubric[1])
        return msgspec.structs.replace(self.kit, rubric=str(rubric), secrets=(str(folder),))


def take_snapshot(assignment: Assignment, kit: GradingJob) -> AssignmentSnapshot:
    """A kit with the files that its assignment was read from."""
    rubric, folders = assignment.rubric, assignment.reference.folders
    names = (rubric.reference, *rubric.shared)
    files = tuple((name, reference_files(folder)) for name, folder in zip(names, folders, strict=True))
    kit = msgspec.structs.replace(kit, rubric=str(Path(rubric.file).resolve()))
    return AssignmentSnapshot(kit, (Path(rubric.file).name, Path(rubric.file).read_bytes()), files)


def _write(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def to_bytes(luggage: AssignmentSnapshot) -> bytes:
    """The luggage, packed to rest in a store."""
    return zlib.compress(msgspec.msgpack.encode(luggage))


def from_bytes(data: bytes) -> AssignmentSnapshot:
    """The luggage that was packed."""
    return msgspec.msgpack.decode(zlib.decompress(data), type=AssignmentSnapshot)
