"""Make text that a submission may have written safe to show to people, in any format.

Nothing is silently dropped: what could steer a terminal, hide, reorder its neighbours or break a file format is shown
as a visible escape (`\\x1b`, `\\u202e`), and what is too long is cut with a note of how much is missing. Escaping
for HTML, Markdown and XML comes on top of this, in the renderer of each format.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from functools import cache, partial
from operator import is_
from typing import Any, TypeVar

import msgspec

from grader.checks.finding import Details
from grader.grading.grades import Grade, Problem, Repaired, Slip, StudentCode

#: Most characters shown of a text of one line, and of each line of a longer text.
LINE_LIMIT = 400
BLOCK_WIDTH = 1_000
#: Most lines shown of a longer text.
BLOCK_LINES = 60
#: Most lines of what a person changed in a repaired copy.
DIFF_LINES = 200
#: Most lines of the source of a function.
CODE_LINES = 2_000
#: Most entries shown of a list that a submission can make long.
LIST_LIMIT = 25
#: Marks that may stand on one letter. Living scripts need up to four; more would paint over the lines around.
_MARKS = 4

#: Control, format (bidi, zero width, tags), surrogate, private, unassigned, and Unicode's own line ends.
_NEVER_SHOWN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
#: Invisible although their category says letter, mark or symbol.
_INVISIBLE = frozenset(
    {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0, *range(0x180B, 0x1810), *range(0xFE00, 0xFE0E)}
)


def _escape(code: int) -> str:
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


class _Escapes(dict[int, str]):
    """For `str.translate`: what each character is shown as, worked out when first met."""

    def __missing__(self, code: int) -> str:
        hidden = unicodedata.category(chr(code)) in _NEVER_SHOWN or code in _INVISIBLE
        self[code] = _escape(code) if hidden else chr(code)
        return self[code]


_ESCAPES = _Escapes({ord("\n"): "\\n", ord("\r"): "\\r"})


def line(text: str, limit: int = LINE_LIMIT) -> str:
    """`text` as one line of visible characters: a line end is shown as `\\n`, a tab as spaces."""
    if len(text) <= limit and text.isascii() and text.isprintable():
        return text
    shown = text[:limit].expandtabs(4).translate(_ESCAPES)
    if not shown.isascii():
        shown = _unstack(shown)
    return shown if len(text) <= limit else f"{shown} ... ({len(text) - limit:,} more characters)"


def block(text: str, most: int = BLOCK_LINES) -> str:
    """`text` as lines of visible characters, as many and as wide as a reader can use."""
    lines = text.replace("\r\n", "\n").rstrip("\n").split("\n")
    shown = [line(each, BLOCK_WIDTH) for each in lines[:most]]
    if len(lines) > most:
        shown.append(f"... ({len(lines) - most:,} more lines)")
    return "\n".join(shown)


def escape_surrogates(text: str) -> str:
    """`text` with lone surrogates, which no encoding can write, shown as escapes; nothing else is touched."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


def columns(text: str) -> int:
    """How many columns of a terminal `text` takes: East Asian wide characters and emoji take two, marks none."""
    if text.isascii():
        return len(text)
    return sum(_width(char) for char in text)


def _width(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _unstack(text: str) -> str:
    marks, shown = 0, []
    for char in text:
        marks = marks + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        shown.append(char if marks <= _MARKS else _escape(ord(char)))
    return "".join(shown)


def sanitize_grade(grade: Grade) -> Grade:
    """`grade` with every text fit to show: details as blocks, all else on one line, long lists cut with a count."""
    shown: Grade = _map_text(_shorten(grade))
    return shown


def _shorten(grade: Grade) -> Grade:
    return msgspec.structs.replace(
        grade,
        problems=_cut(grade.problems, _problems_more),
        left_out=_cut(grade.left_out, _problems_more),
        functions=tuple(msgspec.structs.replace(each, remarks=_cut(each.remarks, _more)) for each in grade.functions),
    )


_Entry = TypeVar("_Entry")


def _cut(entries: tuple[_Entry, ...], more: Callable[[int], _Entry]) -> tuple[_Entry, ...]:
    if len(entries) <= LIST_LIMIT:
        return entries
    return (*entries[:LIST_LIMIT], more(len(entries) - LIST_LIMIT))


def _more(count: int) -> str:
    return f"and {count:,} more"


def _problems_more(count: int) -> Problem:
    return Problem(where="", message=_more(count))


#: How the texts of a record are shown where a line isn't enough.
_WITHIN: dict[type, Callable[[str], str]] = {
    Details: block,
    Repaired: partial(block, most=DIFF_LINES),
    Slip: block,
    StudentCode: partial(block, most=CODE_LINES),
}
#: Fields without a text of anybody else's, by what their class says they hold: a Verdict is a word of ours.
_NUMBERS = frozenset({"bool", "int", "float", "Fraction", "Verdict", "Fraction | None", "int | None", "float | None"})


def _map_text(value: Any, text: Callable[[str], str] = line) -> Any:
    """`value` with each string in it passed through `text`; the very same value where that changes nothing."""
    if isinstance(value, str):
        return text(value)
    if isinstance(value, tuple):
        shown = tuple(_map_text(each, text) for each in value)
        return value if all(map(is_, shown, value)) else shown
    if isinstance(value, dict):
        return {line(key): _map_text(each, text) for key, each in value.items()}
    if isinstance(value, msgspec.Struct):
        changed = dict(_changes(value, _WITHIN.get(type(value), text)))
        return msgspec.structs.replace(value, **changed) if changed else value
    return value


def _changes(value: msgspec.Struct, text: Callable[[str], str]) -> Iterator[tuple[str, Any]]:
    for name in _fields_with_text(type(value)):
        old = getattr(value, name)
        if old and (new := _map_text(old, text)) is not old:
            yield name, new


@cache
def _fields_with_text(kind: type[msgspec.Struct]) -> tuple[str, ...]:
    return tuple(name for name in kind.__struct_fields__ if kind.__annotations__[name] not in _NUMBERS)
