"""What was verified, in lines for people."""

from __future__ import annotations

import msgspec


class Section(msgspec.Struct, frozen=True):
    """One thing that was verified: a line where all is well, and one for each thing that isn't as it should be."""

    name: str
    summary: str
    differences: tuple[str, ...] = ()
