"""What a document says, with the place of everything in it."""

from __future__ import annotations

from typing import Any

import msgspec

from grader.errors import Flaw


class Place(msgspec.Struct, frozen=True, order=True):
    """Where something stands; lines and columns count from 1."""

    file: str
    line: int
    column: int

    def flaw(self, message: str) -> Flaw:
        """A problem at this place."""
        return Flaw(self.file, self.line, self.column, message)


class Node(msgspec.Struct, frozen=True):
    """A value with its place: a scalar, a list of nodes, or a dict of nodes. `keys` places a dict's keys."""

    value: Any
    place: Place
    keys: dict[str, Place] = {}

    def plain(self) -> Any:
        """The value without places."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value
