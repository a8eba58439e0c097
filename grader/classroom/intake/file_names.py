"""A file name for a student's id: readable where the id allows, never ambiguous, whatever the id holds.

An id such as `ada.byron` or `0042` is its own name. Any other gets its readable letters and a piece of its SHA-256
behind a tilde, which no plain id has. So two ids never share a name, on systems that fold case or normalise accents
either.
"""

from __future__ import annotations

import hashlib
import re

_PLAIN = re.compile(r"[a-z0-9][a-z0-9_@+-]*(?:\.[a-z0-9_@+-]+)*")
_LONGEST = 60
#: Windows takes these for devices, whatever stands behind a dot.
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")


def make_stem(student: str) -> str:
    """The stem of the files that belong to a student: ASCII, lower case, at most 60 characters."""
    if _PLAIN.fullmatch(student) and len(student) <= _LONGEST and not _DEVICES.fullmatch(student):
        return student
    readable = re.sub(r"[^a-z0-9]+", "-", student.lower()[:_LONGEST]).strip("-")[:24]
    digest = hashlib.sha256(student.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{readable or 'student'}~{digest[:16]}"
