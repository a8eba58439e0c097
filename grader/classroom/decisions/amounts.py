"""Numbers as people write them into tables: exact, or nothing."""

from __future__ import annotations

import re
from fractions import Fraction

_POINTS = re.compile(r"(\d{1,9})(?:[.,](\d{1,9}))?|(\d{1,9}) ?/ ?(\d{1,9})", re.ASCII)


def parse_points(text: str) -> Fraction | None:
    """The points in `4`, `4.5`, `4,5` or `1/3`; None where it is none of these."""
    match = _POINTS.fullmatch(text.strip())
    if match is None or (match[4] and not int(match[4])):
        return None
    if match[3]:
        return Fraction(int(match[3]), int(match[4]))
    return Fraction(f"{match[1]}.{match[2] or 0}")
