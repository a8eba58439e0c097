"""Python that is newer than the one which grades, written in the older way where that means the same.

A text is looked at only where it doesn't parse. Lines stay where they are. What can't be rewritten is told with the
version that it needs, and is never called Python 2.
"""

from __future__ import annotations

import ast
import re
import sys
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from ..submission.patterns import late

_STRING = late(r"#[^\n]*|(?:(?<!\w)([A-Za-z]{1,2}))?('''|\"\"\"|'|\")")
_PREFIXES = frozenset({"r", "b", "u", "f", "t", "br", "rb", "fr", "rf", "tr", "rt"})
_ENDS = {
    "'": late(r"(?:[^\\\n']|\\.)*'", re.DOTALL),
    '"': late(r'(?:[^\\\n"]|\\.)*"', re.DOTALL),
    3 * "'": late(r"(?:[^\\']|\\.|'(?!''))*'''", re.DOTALL),
    3 * '"': late(r'(?:[^\\"]|\\.|"(?!""))*"""', re.DOTALL),
}
_GOES_ON = late(r"\s{0,200}(?:[bBuUfFrRtT]{1,2})?['\"]")
_LITERAL = late(r"[^\\{}'\"\n]+")
_CODE = late(r"[^\\{}()\[\]'\"\n#!:=]+")
_MOST_NESTED = 4

_EXCEPT = late(r"^([ \t]*except\*?[ \t]+)([\w.]+(?:[ \t]*,[ \t]*[\w.]+)+)(?=[ \t]*:)", re.MULTILINE)
_PARAMETERS = late(r"^[ \t]*(?:(?:async[ \t]+)?def|class)[ \t]+\w+[ \t]*(?=\[)", re.MULTILINE)
_ALIAS = late(r"^([ \t]*)type[ \t]+(\w+)[ \t]*(?:\[[^\]\n]*\])?[ \t]*=(?!=)", re.MULTILINE)
_LAZY = late(r"^([ \t]*)lazy[ \t]+(?=import\b|from\b)", re.MULTILINE)
_LONGEST_PARAMETERS = 2_000
_LONGEST_LINE = 1_000
_BRACKET = late(r"[\[\]]")

NO_VERSION = 0, 0
_QUOTES = (3, 12), "quotes or backslashes within an f-string"
_GENERIC = (3, 12), "type parameters"
_TYPE = (3, 12), "a `type` statement"
_TWO_ERRORS = (3, 14), "`except A, B:`"
_LAZILY = (3, 15), "a lazy import"
_T_STRING = (3, 14), "a t-string"
_UNPACKING = (3, 15), "unpacking within a comprehension"


class Sign(NamedTuple):
    """What shows that a text is newer: a line of it, from 1, the version that it needs, and what stands there.

    With NO_VERSION it needs none, and was read as what was meant.
    """

    line: int
    version: tuple[int, int]
    what: str


class Rewritten(NamedTuple):
    """A text that the Python which grades can parse, and why it had to be rewritten."""

    text: str
    signs: tuple[Sign, ...]


class _Edit(NamedTuple):
    start: int
    end: int
    new: str
    sign: tuple[tuple[int, int], str]


class _TooNewError(Exception):
    """It can't be said in the older way, or it isn't Python at all."""


def rewrite(text: str) -> Rewritten | None:
    """The text in the older way; None where nothing in it is newer, or what is can't be said so."""
    if not _may_be_newer(text):
        return None
    try:
        strings, edits = _scan(text)
    except (_TooNewError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    edits += _edits_of_statements(text, strings)
    edits.sort()
    if not edits or any(above.end > below.start for above, below in pairwise(edits)):
        return None
    pieces, at, line, signs = list[str](), 0, 1, []
    for edit in edits:
        pieces += [text[at : edit.start], edit.new]
        line += text.count("\n", at, edit.start)
        signs.append(Sign(line, *edit.sign))
        line += text.count("\n", edit.start, edit.end)
        at = edit.end
    return Rewritten("".join([*pieces, text[at:]]), tuple(signs))


def _may_be_newer(text: str) -> bool:
    statements = any(pattern.search(text) for pattern in (_EXCEPT, _PARAMETERS, _ALIAS, _LAZY))
    return statements or bool(re.search(r"[fF][rR]?['\"]", text))


def _scan(text: str) -> tuple[list[tuple[int, int]], list[_Edit]]:
    """Where strings and comments are, and how f-strings are to be written."""
    strings, edits, at = [], [], 0
    while found := _STRING.search(text, at):
        start, at = found.start(), found.end()
        if found[2]:
            prefix = (found[1] or "").casefold()
            if prefix in _PREFIXES and "f" in prefix:
                reader, begins, quote = _Fields(text, found[2]), at, found[2]
                at = reader.string(at, quote)
                edits += reader.edits
                if reader.has_lines and len(quote) == 1:
                    edits += [_Edit(begins - 1, begins, 3 * quote, _QUOTES), _Edit(at - 1, at, 3 * quote, _QUOTES)]
            else:
                at = _end_of_string(text, at, found[2])
        strings.append((start, at))
    return strings, edits


def _end_of_string(text: str, at: int, quote: str) -> int:
    found = _ENDS[quote].match(text, at)
    if found is None:
        raise _TooNewError
    return found.end()


class _Fields:
    """Reads one f-string, and rewrites the strings within its fields, which older versions want in other quotes."""

    def __init__(self, text: str, quote: str, is_nested: bool = False) -> None:
        self._text = text
        self._is_nested = is_nested
        self.has_lines = False  #: whether a field goes over several lines, which a text in single quotes may not
        self._quote = quote
        self._free = '"' if quote[0] == "'" else "'"
        self.edits: list[_Edit] = []

    def string(self, at: int, quote: str) -> int:
        """Where an f-string ends of which the text begins at `at`."""
        text = self._text
        while not text.startswith(quote, at):
            if found := _LITERAL.match(text, at):
                at = found.end()
            elif text.startswith(("{{", "}}", "\\"), at):
                at += 2
            elif text.startswith("{", at):
                at = self._field(at + 1, 0)
            elif at >= len(text) or (text[at] == "\n" and len(quote) == 1):
                raise _TooNewError
            else:
                at += 1
        return at + len(quote)

    def _field(self, at: int, depth: int) -> int:
        """Where a field ends; what has to be written in another way is noted."""
        at = self._expression(at, self.edits)
        if self._text.startswith("!", at):
            at += 2
        if self._text.startswith(":", at):
            at = self._format(at + 1, depth)
        if not self._text.startswith("}", at):
            raise _TooNewError
        return at + 1

    def _format(self, at: int, depth: int) -> int:
        while at < len(self._text) and self._text[at] not in "}\n":
            if self._text[at] == "{":
                if depth >= _MOST_NESTED:
                    raise _TooNewError
                at = self._field(at + 1, depth + 1)
            else:
                at += 1
        return at

    def _expression(self, at: int, edits: list[_Edit]) -> int:
        """Where an expression ends: before its `!r`, its `:`, or the brace."""
        text, deep = self._text, 0
        while at < len(text):
            if found := _CODE.match(text, at):
                at = found.end()
            elif text[at] in "'\"":
                at = self._nested(at, edits)
            elif text[at] in "([{":
                deep, at = deep + 1, at + 1
            elif text[at] in ")]}":
                if not deep:
                    return at
                deep, at = deep - 1, at + 1
            elif text[at] in "\\#" or (text[at] == "\n" and self._is_nested):
                raise _TooNewError
            elif text[at] == "\n":
                self.has_lines, at = True, at + 1
            elif not deep and (text[at] == ":" or (text[at] == "!" and text[at + 1 : at + 2] != "=")):
                return at
            else:
                at += 1
        raise _TooNewError

    def _nested(self, at: int, edits: list[_Edit]) -> int:
        """Where a string within an expression ends."""
        found = _STRING.match(self._text, at)
        assert found is not None
        start = at
        while start and self._text[start - 1].isalpha() and at - start < 2:
            start -= 1
        prefix = self._text[start:at].casefold()
        if not prefix or prefix not in _PREFIXES:
            start, prefix = at, ""
        if "t" in prefix:
            raise _TooNewError
        if "f" in prefix:
            return self._nested_fields(found.end(), found[2], edits)
        end = _end_of_string(self._text, found.end(), found[2])
        said = self._text[start:end]
        if self._is_nested or "\\" in said or self._quote in said or "\n" in said:
            if _GOES_ON.match(self._text, end):  # `'a' 'b'`: what stands for one of them doesn't join
                raise _TooNewError
            edits.append(_Edit(start, end, self._in_free_quotes(ast.literal_eval(said)), _QUOTES))
        return end

    def _nested_fields(self, at: int, quote: str, edits: list[_Edit]) -> int:
        """Where an f-string within an expression ends. It gets the other quotes, and holds none within."""
        if self._is_nested:
            raise _TooNewError
        reader = _Fields(self._text, quote, is_nested=True)
        end = reader.string(at, quote)
        if any(each in "'\"\\\n" for each in _without(self._text, reader.edits, at, end - len(quote))):
            raise _TooNewError
        edits += reader.edits
        if self._quote[0] == quote[0]:
            edits += [
                _Edit(at - len(quote), at, self._free, _QUOTES),
                _Edit(end - len(quote), end, self._free, _QUOTES),
            ]
        return end

    def _in_free_quotes(self, value: object) -> str:
        if not isinstance(value, str):
            raise _TooNewError
        pieces = re.findall(r"[^'\"\\\x00-\x1f]+|['\"\\\x00-\x1f]", value)
        said = [self._said(each) for each in pieces]
        return f"({'+'.join(said)})" if len(said) > 1 or self._is_nested else "".join(said) or "str()"

    def _said(self, piece: str) -> str:
        if not self._is_nested and piece not in "'\"\\" and piece >= " ":
            return self._free + piece + self._free
        return "+".join(f"chr({ord(letter)})" for letter in piece)


def _without(text: str, edits: list[_Edit], start: int, end: int) -> str:
    """What is left of a stretch where these edits leave it as it is."""
    kept = []
    for edit in sorted(edits):
        kept.append(text[start : edit.start])
        start = edit.end
    return "".join([*kept, text[start:end]])


def _edits_of_statements(text: str, strings: list[tuple[int, int]]) -> list[_Edit]:
    starts = [start for start, _ in strings]

    def is_code(at: int) -> bool:
        number = bisect_right(starts, at) - 1
        return number < 0 or strings[number][1] <= at

    found = [*_errors_of(text), *_parameters_of(text), *_aliases_of(text), *_lazy_imports_of(text)]
    return [edit for edit in found if is_code(edit.start)]


def _errors_of(text: str) -> Iterator[_Edit]:
    for found in _EXCEPT.finditer(text):
        if not _is_python_2(found[2]):
            yield _Edit(found.start(2), found.end(2), f"({found[2]})", _TWO_ERRORS)


def _is_python_2(names: str) -> bool:
    """Whether `except A, b:` gives a name to the error, as in Python 2: classes begin with a capital letter."""
    first, *others = (name.strip() for name in names.split(","))
    return len(others) == 1 and re.fullmatch(r"[a-z_]\w*", others[0]) is not None and first != others[0]


def _parameters_of(text: str) -> Iterator[_Edit]:
    for found in _PARAMETERS.finditer(text):
        if (end := _end_of_brackets(text, found.end())) is None:
            continue
        lines = text.count("\n", found.end(), end)
        if not lines:
            yield _Edit(found.end(), end, "", _GENERIC)
        elif text.startswith("(", end):
            yield _Edit(found.end(), end + 1, "(" + "\n" * lines, _GENERIC)


def _end_of_brackets(text: str, at: int) -> int | None:
    deep = 0
    for found in _BRACKET.finditer(text, at, at + _LONGEST_PARAMETERS):
        deep += 1 if found[0] == "[" else -1
        if not deep:
            return found.end()
    return None


def _aliases_of(text: str) -> Iterator[_Edit]:
    """What a `type` statement names is computed when it is asked for: nobody does, but annotations."""
    for found in _ALIAS.finditer(text):
        yield _Edit(found.start(), found.end(), f"{found[1]}{found[2]} = lambda: ", _TYPE)


def _lazy_imports_of(text: str) -> Iterator[_Edit]:
    for found in _LAZY.finditer(text):
        yield _Edit(found.start(), found.end(), found[1], _LAZILY)


_IN_LINE = (
    (late(r"(?<!\w)(?:[tT][rR]?|[rR][tT])['\"]"), _T_STRING),
    (_PARAMETERS, _GENERIC),
    (_ALIAS, _TYPE),
    (_LAZY, _LAZILY),
)
#: An f-string that ends, to an older parser, within a field.
_CUT = late(r"(?<!\w)[fF][rR]?(['\"])[^{'\"\n]*\{[^}'\"\n]*\1[^}\n]*\}")
#: One that, to an older parser, isn't ended on the line where a field begins.
_OPEN = late(r"(?<!\w)[fF][rR]?['\"][^{'\"\n]*\{[^}\n]*$")
#: What an older parser says of what newer ones take.
_SAID = (
    ("f-string expression part cannot include", _QUOTES),
    ("iterable unpacking cannot be used in comprehension", _UNPACKING),
    ("dict unpacking cannot be used in dict comprehension", _UNPACKING),
)


def newer_python_in(number: int, said: str, line: str) -> Sign | None:
    """What of a newer Python a parser stumbled over in a line, by what it said; or None."""
    signs = [sign for pattern, sign in _IN_LINE if pattern.search(line)]
    signs += [sign for text, sign in _SAID if said.startswith(text)]
    signs += [_QUOTES] if said.startswith("f-string: ") and _CUT.search(line[:_LONGEST_LINE]) else []
    signs += [_QUOTES] if said.startswith("unterminated string") and _OPEN.search(line[:_LONGEST_LINE]) else []
    signs += [_TWO_ERRORS for found in _EXCEPT.finditer(line) if not _is_python_2(found[2])]
    newer = [sign for sign in signs if sign[0] > sys.version_info[:2]]
    return Sign(number, *newer[0]) if newer else None


def in_words(version: tuple[int, int]) -> str:
    """ "Python 3.12"."""
    return f"Python {version[0]}.{version[1]}"
