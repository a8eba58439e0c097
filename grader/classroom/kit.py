"""All that a process needs to make the class's one plan: here by path, on other machines with the files themselves."""

from __future__ import annotations

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
    reference: str  #: its folder, as the rubric calls it
    files: dict[str, bytes]  #: of the reference

    def unpack(self, folder: Path) -> Kit:
        """Write the files below `folder`, where the rubric finds its reference beside itself."""
        rubric, reference = folder / self.rubric[0], (folder / self.reference).resolve()
        if not reference.is_relative_to(folder.resolve()) or reference == folder.resolve():
            raise UsageError(f"the reference {self.reference!r} must be a folder beside its rubric to travel")
        reference.mkdir(parents=True)
        rubric.write_bytes(self.rubric[1])
        for name, data in self.files.items():
            path = reference / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return msgspec.structs.replace(self.kit, rubric=str(rubric), secrets=(str(folder),))
