"""Regular expressions that are compiled when they are first used: all of them together delayed each start by 10 ms."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast

_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split")


class LatePattern:
    """Stands for a pattern, and has its methods from the first use on."""

    def __init__(self, text: str | bytes, flags: int) -> None:
        self._text = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        pattern: re.Pattern[Any] = re.compile(self._text, self._flags)
        vars(self).update({method: getattr(pattern, method) for method in _METHODS})
        return getattr(pattern, name)


def late(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """A pattern for its methods alone: it is none to `re`'s own functions."""
    return cast("re.Pattern[AnyStr]", LatePattern(text, flags))
