"""All that a process needs to make the class's one plan: here by path, on other machines with the files themselves."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from grader.errors import UsageError


class Kit(msgspec.Struct, frozen=True):
    """All that a process needs to make the class's one plan."""

    rubric: str
    seed: int
    sandbox: str
    fingerprint: str
    secrets: tuple[str, ...] = ()  #: what the jail must find unreadable


class Luggage(msgspec.Struct, frozen=True):
    """A kit with its files, for machines that don't have them."""

    kit: Kit
    rubric: tuple[str, bytes]  #: the file's name, and what is in it
    folders: dict[str, dict[str, bytes]]  #: of the reference, as the rubric calls them, each with its files

    def unpack(self, folder: Path) -> Kit:
        """Write the files below `folder`, where the rubric finds its reference beside itself."""
        rubric = folder / self.rubric[0]
        for name, files in self.folders.items():
            _unpack(folder, name, files)
        rubric.write_bytes(self.rubric[1])
        return msgspec.structs.replace(self.kit, rubric=str(rubric), secrets=(str(folder),))


def _unpack(folder: Path, reference: str, files: Mapping[str, bytes]) -> None:
    place = (folder / reference).resolve()
    if not place.is_relative_to(folder.resolve()) or place == folder.resolve():
        raise UsageError(f"the reference {reference!r} must be a folder beside its rubric to travel")
    place.mkdir(parents=True)
    for name, data in files.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
