"""What a parser said of a text, in words for a student; Python 2 is recognised by the line that it stumbled over."""

from __future__ import annotations

import sys
from typing import NamedTuple

from ..submission.patterns import late
from .newer_python import in_words, newer_python_in


class SyntaxFault(NamedTuple):
    """Why a text doesn't parse. Lines and columns count from 1."""

    line: int | None
    column: int | None
    text: str
    ended: bool = False  #: the parser gave up on it


#: What the parser and the compiler raise.
ERRORS = (SyntaxError, ValueError, RecursionError, MemoryError)


def fault_of(error: Exception) -> SyntaxFault:
    """What an error of the parser says."""
    said = getattr(error, "msg", None) or str(error) or type(error).__name__
    place = getattr(error, "lineno", None), getattr(error, "offset", None)
    gave_up = "too many nested" in str(said) or not isinstance(error, SyntaxError | ValueError)
    return SyntaxFault(*place, str(said)[:500], gave_up)


_PYTHON_2 = (
    (late(r"^\s*print(?:\s+[^\s(=]|\s*>>)|[:;]\s*print\s+[^\s(=]"), "a print statement"),
    (late(r"^\s*except\s+[\w.]+\s*,\s*\w+\s*:"), "`except Error, name`"),
    (late(r"^\s*except\s*\(.*\)\s*,\s*\w+\s*:"), "`except Error, name`"),
    (late(r"^\s*raise\s+[\w.]+\s*,"), '`raise Error, "text"`'),
    (late(r"^\s*exec\s+[^\s(=]"), "an exec statement"),
    (late(r"^[^#'\"]*`[^`]+`"), "backticks"),
    (late(r"^[^#'\"]*<>"), "`<>` for not equal"),
    (late(r"^[^#'\"]*\b\d+[lL]\b"), "a long number such as 10L"),
    (late(r"^[^#'\"]*\b0[0-7]+\b"), "an octal number such as 0777"),
    (late(r"\b[uU][rR]['\"]"), "a ur'' string"),
    (late(r"^\s*def\s+\w+\s*\((?:[^()]*,)?\s*\(|\blambda\s*\("), "a tuple among the parameters"),
)


#: Of the text that was parsed, which may begin anywhere in a file.
_LINE = late(r" on line \d+| \(detected at line \d+\)")


def _line_of(fault: SyntaxFault, text: str) -> str:
    """The line that the parser stumbled over; "" where it doesn't say."""
    lines = text.split("\n")
    return lines[fault.line - 1] if not fault.ended and fault.line and fault.line <= len(lines) else ""


#: What editors, PDF documents and web pages make of the characters that Python knows.
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\x0b\x00", ""),
        **dict.fromkeys("\u00a0\u3000\u202f\u205f\u2002\u2003\u2007\u2008\u2009\u200a", " "),
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2212\u2013\u2010\u2011", "-"),
        "\u00d7": "*",
        "\u2217": "*",
        "\u00f7": "/",
        "\u2044": "/",
        "\u2264": "<=",
        "\u2265": ">=",
        "\u2260": "!=",
        "\uff08": "(",
        "\uff09": ")",
        "\uff0c": ",",
        "\uff1a": ":",
        "\uff1b": ";",
        "\uff1d": "=",
        "\u3001": ",",
    }
)
_INVALID = ("invalid character", "invalid non-printable character", "source code string cannot contain null")
_ENTITY = late(r"&(?:lt|gt|amp|quot|nbsp|apos|#39|#34);")
LOOKS_LIKE = "characters that only look like Python's (quotes, spaces, signs) were read as those"


def write_plainly(fault: SyntaxFault, text: str, everywhere: bool) -> str | None:
    """The text with the line of a fault, or with all lines, in plain characters; None where that changes nothing."""
    if fault.line is None or not 0 < fault.line <= text.count("\n") + 1:
        return None
    lines = text.split("\n")
    if fault.text.startswith(_INVALID):
        plain = _without_odd_characters
    elif _ENTITY.search(lines[fault.line - 1]):
        plain = _without_entities
    else:
        return None
    for number in range(len(lines)) if everywhere else [fault.line - 1]:
        lines[number] = plain(lines[number])
    written = "\n".join(lines)
    return None if written == text else written


def _without_odd_characters(line: str) -> str:
    return line if line.isascii() and "\x0b" not in line else line.translate(_PLAIN)


def _without_entities(line: str) -> str:
    if not _ENTITY.search(line):
        return line
    import html  # seldom needed, and large

    return html.unescape(line).replace("\xa0", " ")


_EMPTY = "expected an indented block after function definition"
_COLON = late(r":([ \t]*(?:#[^\n]*)?)\Z")


def fill_in(fault: SyntaxFault, text: str) -> str | None:
    """The text with `pass` in the function that holds comments alone: it isn't filled in, and is no error."""
    if not fault.text.startswith(_EMPTY) or fault.line is None:
        return None
    lines = text.split("\n")
    code = [number for number, line in enumerate(lines, 1) if line.strip() and not line.lstrip().startswith("#")]
    is_last = code[-1:] == [fault.line] and lines[fault.line - 1].lstrip().startswith(("def ", "async "))
    head = next((number - 1 for number in reversed(code) if number < fault.line + is_last), 0)
    if not (colon := _COLON.search(lines[head])):
        return None
    lines[head] = f"{lines[head][: colon.start()]}: pass{colon[1]}"
    return "\n".join(lines)


def python_2_in(fault: SyntaxFault, text: str) -> str | None:
    """Which construct of Python 2 stands in the line of a fault, or None."""
    line = _line_of(fault, text)
    if newer_python_in(fault.line or 0, fault.text, line) is not None:
        return None
    return next((name for pattern, name in _PYTHON_2 if pattern.search(line)), None)


def is_newer(fault: SyntaxFault, text: str) -> bool:
    """Whether a text needs a newer Python than the one that grades."""
    return newer_python_in(fault.line or 0, fault.text, _line_of(fault, text)) is not None


def describe_fault(fault: SyntaxFault, text: str) -> str:
    """One sentence on why a text doesn't parse and, where that is plain, what to do."""
    if fault.ended:
        return "the parser gave up on it: nested too deep, or too large"
    if newer := newer_python_in(fault.line or 0, fault.text, _line_of(fault, text)):
        ours = in_words((sys.version_info[0], sys.version_info[1]))
        return f"this needs {in_words(newer.version)} ({newer.what}); it is graded with {ours}"
    if found := python_2_in(fault, text):
        return f"this is Python 2 ({found}); it is graded with Python 3"
    said = _LINE.sub("", fault.text.split("\n", 1)[0])
    if "inconsistent use of tabs" in said:
        return "tabs and spaces are mixed in a way that Python 3 refuses; indent with spaces only"
    return f"it doesn't parse: {said}"
