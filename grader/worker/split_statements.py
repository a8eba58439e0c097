"""Cut a module's text into its top-level statements without a tree of it, which would take twice as long as compiling.

The cut is a guess that can't go wrong unnoticed. A line at the margin begins a statement, unless it is known to
continue one. Where it isn't so, within a text of several lines or within brackets, the piece above it can't be compiled
by itself, and there is no cut. Where every piece can, each has left all strings, brackets and blocks that it opened, so
the pieces one after the other are the whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

#: More lines to skip than this, over all pieces, and a tree is the faster way.
_MOST_SKIPPED = 100_000

_CONTINUES = re.compile(r"[\s#)\]}]|(?:else|elif|except|finally)\b")
#: What is not to be guessed at: several statements in a line, odd ends of lines and of the text, an import by a call.
_UNSURE = re.compile(r"[;\r\f]|import_module|__import__|^\\|\\\n*\Z", re.MULTILINE)
#: Nor is an import with a plan B. Two expressions, since one would look through the text again for every `try`.
_TRY, _IMPORT = re.compile(r"\btry\b"), re.compile(r"\bimport\b")


def split_statements(text: str) -> list[tuple[int, str]] | None:
    """The first line of each statement, from 1, and its text behind as many empty lines; None where that's unsure."""
    if _UNSURE.search(text) or _may_have_plan_b(text):
        return None
    lines = [f"{line}\n" for line in text.split("\n")]  # splitlines would split at characters that Python doesn't
    starts = list(_starts(lines))
    if not starts or len(lines) * len(starts) > _MOST_SKIPPED:
        return None
    ends = [*starts[1:], len(lines)]
    heads = [lines[: starts[0]], *(["\n" * start] for start in starts[1:])]  # what comes first isn't thrown away unread
    return [
        (start + 1, "".join((*head, *lines[start:end]))) for head, start, end in zip(heads, starts, ends, strict=True)
    ]


def _may_have_plan_b(text: str) -> bool:
    tried = _TRY.search(text)
    return tried is not None and _IMPORT.search(text, tried.end()) is not None


def _starts(lines: list[str]) -> Iterator[int]:
    """Where statements begin. What a decorator stands above is part of it."""
    decorated = False
    for number, line in enumerate(lines):
        if _CONTINUES.match(line):
            continue
        if not decorated:
            yield number
        decorated = line.startswith("@")
