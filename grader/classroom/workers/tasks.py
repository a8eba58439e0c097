"""What the processes of a class are asked to do. Each task is plain data, and carries itself out at a workplace."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from grader.classroom.intake.bundle import Bundle, read_bundle, unpack
from grader.classroom.intake.model import StudentSubmission
from grader.classroom.intake.tree import open_tree

if TYPE_CHECKING:
    from grader.classroom.intake.repairs import ReplacedSubmission
    from grader.classroom.store.store import GradingResult
    from grader.classroom.workers.grader import Code, Explanation, ProcessGrader
    from grader.classroom.workers.job import GradingJob
    from grader.feedback.changed_reference import ChangedReference


class WorkerContext:
    """What a process has for its tasks."""

    def __init__(self, kit: GradingJob) -> None:
        self._kit = kit
        self._station: ProcessGrader | None = None

    @property
    def station(self) -> ProcessGrader:
        """Made when first needed: numpy and the plan cost half a second, and an unchanged class needs neither."""
        from grader.classroom.workers.grader import ProcessGrader

        if self._station is None:
            self._station = ProcessGrader(self._kit)
        return self._station

    def close(self) -> None:
        """End what was started."""
        if self._station is not None:
            self._station.close()


class Identified(msgspec.Struct, frozen=True):
    """What was handed in, in short."""

    content: str  #: SHA-256 of what is to be graded
    files: int
    is_empty: bool = False  #: nothing was handed in
    replaced: ReplacedSubmission | None = None


class Identify(msgspec.Struct, frozen=True):
    """Read a submission and say what it is."""

    folder: str
    handed: StudentSubmission

    def run(self, workplace: WorkerContext) -> Identified:
        """Raises HarnessError where it can't be read."""
        found, fix = _bundle(self.folder, self.handed), self.handed.fix
        if fix is None:
            return Identified(found.content, len(found.files), found.is_empty)
        from grader.classroom.intake.repairs import replace_submission

        texts = workplace.station.texts_of
        original = replace_submission(_read_handed_in(self.folder, self.handed), found, fix, texts)
        return Identified(found.content, len(found.files), replaced=original)


class Fetch(msgspec.Struct, frozen=True):
    """Read a submission, to be graded elsewhere."""

    folder: str
    handed: StudentSubmission

    def run(self, workplace: WorkerContext) -> Bundle:
        """Raises HarnessError where it can't be read."""
        return _bundle(self.folder, self.handed)


class GradeIt(msgspec.Struct, frozen=True):
    """Read a submission and grade it."""

    folder: str
    handed: StudentSubmission

    def run(self, workplace: WorkerContext) -> GradingResult:
        """Raises HarnessError where it wasn't graded, AssignmentError where the reference fails."""
        return workplace.station.grade(_bundle(self.folder, self.handed))


class ExplainStored(msgspec.Struct, frozen=True):
    """Explain what was handed in once: bytes from a store."""

    content: str
    data: bytes
    function: str  #: the only one that is looked at; all that nothing explains where it is empty
    reference_seconds: dict[str, float] = {}

    def run(self, workplace: WorkerContext) -> dict[str, Explanation]:
        """By function. Raises as GradeIt does."""
        return workplace.station.look_further(unpack(self.data), self.function, self.reference_seconds)


class AskChangedReferences(msgspec.Struct, frozen=True):
    """Ask the reference one function's checks, with each of many small changes."""

    function: str
    keys: tuple[str, ...]  #: of changes that mended a student's function

    def run(self, workplace: WorkerContext) -> list[ChangedReference]:
        """Those that are wrong. Raises as GradeIt does."""
        return workplace.station.changed_references(self.function, self.keys)


class GradeStored(msgspec.Struct, frozen=True):
    """Grade what was handed in once: bytes from a store. Where the machine ran out of memory it is graded again."""

    content: str
    data: bytes
    reference_seconds: dict[str, float] = {}  #: of its earlier grade, where it is to be held against the same limits

    def run(self, workplace: WorkerContext) -> GradingResult:
        """Raises as GradeIt does."""
        found = workplace.station.grade(unpack(self.data), self.reference_seconds)
        return workplace.station.grade(unpack(self.data), self.reference_seconds) if found.suspect else found


class ReadCode(msgspec.Struct, frozen=True):
    """Take the code of one function out of what was handed in."""

    content: str
    data: bytes
    function: str

    def run(self, workplace: WorkerContext) -> Code:
        """Raises SandboxError where the code can't be parsed safely."""
        return workplace.station.code_of(unpack(self.data), self.function)


def _bundle(folder: str, handed: StudentSubmission) -> Bundle:
    """What is to be graded: a repaired copy, where there is one."""
    if handed.fix is None:
        return _read_handed_in(folder, handed)
    from grader.classroom.intake.repairs import read_repaired  # with it comes numpy, and few submissions are repaired

    return read_repaired(handed.fix)


def _read_handed_in(folder: str, handed: StudentSubmission) -> Bundle:
    return read_bundle(open_tree(Path(folder)), handed)
