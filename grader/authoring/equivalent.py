"""Changes of the reference that no input can tell from it: marked by an author, each with a reason.

`rubrics/<assignment>.equivalent.yaml` is a list of mappings: the function, its line before and after, and why.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from grader.errors import RubricError
from grader.feedback.mutants import Key
from grader.rubric.model import Rubric
from grader.rubric.yaml_tree import read_yaml


class Equivalent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One change, as its author refers to it."""

    function: str
    old: str
    new: str
    reason: str

    @property
    def key(self) -> Key:
        """As a mutant's."""
        return self.function, " ".join(self.old.split()), " ".join(self.new.split())


def equivalent_file(rubric: Rubric) -> Path:
    """Where a rubric's equivalent changes are marked; the file need not be there."""
    return Path(rubric.file).with_suffix(".equivalent.yaml")


def read_equivalent(rubric: Rubric) -> dict[Key, str]:
    """The reason for each marked change.

    Raises:
        RubricError: the file isn't a list of function, old, new and reason.
    """
    file = equivalent_file(rubric)
    if not file.is_file():
        return {}
    root, flaws = read_yaml(file.read_text(encoding="utf-8"), str(file))
    if flaws:
        raise RubricError(flaws)
    try:
        found = msgspec.convert(root.plain(), list[Equivalent])
    except msgspec.ValidationError as error:
        raise RubricError([root.place.flaw(f"write mappings with function, old, new and reason: {error}")]) from None
    return {each.key: each.reason for each in found}
