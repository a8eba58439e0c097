"""When a folder looks like one that an LMS made: nearly all names do. Instructors add a file of their own, or two."""

from __future__ import annotations

import re
from collections.abc import Iterable

#: The share of names that must match.
NEARLY_ALL = 0.8


def most_match(pattern: re.Pattern[str], names: Iterable[str]) -> bool:
    """Whether at least 80 % of the names match, and one does."""
    found = [pattern.fullmatch(name) is not None for name in names]
    return sum(found) >= max(NEARLY_ALL * len(found), 1)
