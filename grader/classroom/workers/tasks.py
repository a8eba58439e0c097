"""What the processes of a class are asked to do. Each task is plain data, and carries itself out at a workplace."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from grader.classroom.intake.bundle import Bundle, bundle, unpacked
from grader.classroom.intake.model import Handed
from grader.classroom.intake.tree import open_tree

if TYPE_CHECKING:
    from grader.classroom.intake.repairs import Replaced
    from grader.classroom.store.store import Result
    from grader.classroom.workers.grader import Code, Station
    from grader.classroom.workers.job import Kit


class Workplace:
    """What a process has for its tasks."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._station: Station | None = None

    @property
    def station(self) -> Station:
        """Made when first needed: numpy and the plan cost half a second, and an unchanged class needs neither."""
        from grader.classroom.workers.grader import Station

        if self._station is None:
            self._station = Station(self._kit)
        return self._station

    def close(self) -> None:
        """End what was started."""
        if self._station is not None:
            self._station.close()


class Identified(msgspec.Struct, frozen=True):
    """What was handed in, in short."""

    content: str  #: SHA-256 of what is to be graded
    files: int
    replaced: Replaced | None = None


class Identify(msgspec.Struct, frozen=True):
    """Read a submission and say what it is."""

    folder: str
    handed: Handed

    def run(self, workplace: Workplace) -> Identified:
        """Raises HarnessError where it can't be read."""
        found, fix = _bundle(self.folder, self.handed), self.handed.fix
        if fix is None:
            return Identified(found.content, len(found.files))
        from grader.classroom.intake.repairs import replaced

        texts = workplace.station.texts_of
        original = replaced(_handed_in(self.folder, self.handed), found, fix, texts)
        return Identified(found.content, len(found.files), original)


class Fetch(msgspec.Struct, frozen=True):
    """Read a submission, to be graded elsewhere."""

    folder: str
    handed: Handed

    def run(self, workplace: Workplace) -> Bundle:
        """Raises HarnessError where it can't be read."""
        return _bundle(self.folder, self.handed)


class GradeIt(msgspec.Struct, frozen=True):
    """Read a submission and grade it."""

    folder: str
    handed: Handed
    generous: bool = False

    def run(self, workplace: Workplace) -> Result:
        """Raises HarnessError where it wasn't graded, AssignmentError where the reference fails."""
        return workplace.station.grade(_bundle(self.folder, self.handed), self.generous)


class GradeStored(msgspec.Struct, frozen=True):
    """Grade what was handed in once: bytes from a store. What ends at a limit is graded again, more generously."""

    content: str
    data: bytes

    def run(self, workplace: Workplace) -> Result:
        """Raises as GradeIt does."""
        found = workplace.station.grade(unpacked(self.data))
        return workplace.station.grade(unpacked(self.data), generous=True) if found.suspect else found


class ReadCode(msgspec.Struct, frozen=True):
    """Take the code of one function out of what was handed in."""

    content: str
    data: bytes
    function: str

    def run(self, workplace: Workplace) -> Code:
        """Raises SandboxError where the code can't be parsed safely."""
        return workplace.station.code_of(unpacked(self.data), self.function)


def _bundle(folder: str, handed: Handed) -> Bundle:
    """What is to be graded: a repaired copy, where there is one."""
    if handed.fix is None:
        return _handed_in(folder, handed)
    from grader.classroom.intake.repairs import repaired  # with it comes numpy, and few submissions are repaired

    return repaired(handed.fix)


def _handed_in(folder: str, handed: Handed) -> Bundle:
    return bundle(open_tree(Path(folder)), handed)
